using UniqueRandom.Storage;

namespace UniqueRandom.Server.Maintenance;

/// <summary>Shows on a terminal how far a check is, on one line of stderr.</summary>
internal sealed class ProgressLine(string what) : IProgress<CheckProgress>, IDisposable
{
    private long shown = -1;

    public void Report(CheckProgress value)
    {
        var percent = value.Checked * 100 / Math.Max(value.Total, 1);
        if (Console.IsErrorRedirected || percent == shown)
            return;
        shown = percent;
        Console.Error.Write($"\r{what}: {percent} %");
    }

    /// <summary>Removes the line.</summary>
    public void Clear()
    {
        if (shown >= 0)
            Console.Error.Write($"\r{new string(' ', what.Length + 8)}\r");
        shown = -1;
    }

    public void Dispose() => Clear();
}
