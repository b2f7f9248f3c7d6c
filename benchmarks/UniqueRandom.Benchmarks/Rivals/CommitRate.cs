using System.CommandLine;
using System.Diagnostics;
using UniqueRandom.Benchmarks.Disk;

namespace UniqueRandom.Benchmarks.Rivals;

/// <summary>What the disk alone costs: durable one-row commits, one after the other, with nothing else around them.</summary>
internal static class CommitRate
{
    private const int WarmUp = 100;

    public static Command Verb()
    {
        var database = Switches.Database();
        var seconds = new Option<int>("--seconds") { Description = "For how long.", Required = true };
        var verb = new Command("commits", "Prints how many durable one-row commits there are in a second.") { database, seconds };
        verb.SetAction(parsed =>
            Console.WriteLine(Measure(parsed.GetRequiredValue(database), TimeSpan.FromSeconds(parsed.GetRequiredValue(seconds)))));
        return verb;
    }

    private static double Measure(string path, TimeSpan duration)
    {
        using var database = DurableDatabase.Open(path);
        database.Execute("CREATE TABLE IF NOT EXISTS pool (id INTEGER PRIMARY KEY, cursor INTEGER NOT NULL)");
        database.Execute("INSERT OR REPLACE INTO pool VALUES (1, 0)");
        using var update = database.Compile("UPDATE pool SET cursor = ?1 WHERE id = 1");

        for (var i = 0; i < WarmUp; i++)
            update.Run(i);

        var commits = 0L;
        var watch = Stopwatch.StartNew();
        for (; watch.Elapsed < duration; commits++)
            update.Run(commits);
        return commits / watch.Elapsed.TotalSeconds;
    }
}
