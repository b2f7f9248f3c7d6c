using System.Diagnostics;
using UniqueRandom.Benchmarks.Disk;

namespace UniqueRandom.Benchmarks.Rivals;

/// <summary>The cost of the disk alone: durable one-row commits, one after the other.</summary>
internal static class CommitRate
{
    private const int WarmUp = 100;

    /// <summary>Measures commits a second.</summary>
    public static double Measure(string path, TimeSpan duration)
    {
        using var database = new DurableDatabase(path);
        database.Execute("CREATE TABLE IF NOT EXISTS pool (id INTEGER PRIMARY KEY, cursor INTEGER NOT NULL)");
        database.Execute("INSERT OR REPLACE INTO pool VALUES (1, 0)");
        using var update = database.Prepare("UPDATE pool SET cursor = ?1 WHERE id = 1");

        for (var i = 0; i < WarmUp; i++)
            update.Run(i);

        var commits = 0L;
        var watch = Stopwatch.StartNew();
        for (; watch.Elapsed < duration; commits++)
            update.Run(commits);
        return commits / watch.Elapsed.TotalSeconds;
    }
}
