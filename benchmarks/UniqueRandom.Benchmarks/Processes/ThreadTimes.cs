using System.Globalization;

namespace UniqueRandom.Benchmarks.Processes;

/// <summary>The user and system time of each thread of a process that has a name, as Linux counts it.</summary>
internal sealed class ThreadTimes
{
    /// <summary>The kernel reports clock ticks of 10 ms, whatever its own interval is.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly Dictionary<string, TimeSpan> times = [];

    public static ThreadTimes Of(int process, string name)
    {
        var read = new ThreadTimes();
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{process}/task"))
        {
            try
            {
                if (File.ReadAllText($"{thread}/comm").TrimEnd() == name)
                    read.times[thread] = Parse(File.ReadAllText($"{thread}/stat"));
            }
            catch (IOException)
            {
                // The thread has ended.
            }
        }

        return read;
    }

    /// <summary>Adds up the time since an earlier reading. Threads that have ended meanwhile don't count.</summary>
    public TimeSpan Since(ThreadTimes before) => times.Aggregate(
        TimeSpan.Zero, (sum, thread) => sum + thread.Value - before.times.GetValueOrDefault(thread.Key));

    private static TimeSpan Parse(string stat)
    {
        // After the name, which may contain spaces: the fields 14 and 15 of proc(5), of which 1 and 2 are before.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[11..13].Sum(field => long.Parse(field, CultureInfo.InvariantCulture)) * Tick;
    }
}
