namespace UniqueRandom.Testing.Processes;

/// <summary>Collects the lines that a process writes.</summary>
internal sealed class Transcript
{
    private readonly Lock gate = new();
    private readonly List<string> lines = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool hasEnded;

    public Transcript(StreamReader reader) => Ended = ReadAsync(reader);

    /// <summary>Completes when the process has closed the stream.</summary>
    public Task Ended { get; }

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (gate)
                return [.. lines];
        }
    }

    /// <summary>Waits for the first line that contains a text; null if the process ends without it.</summary>
    public async Task<string?> FindAsync(string text)
    {
        for (var next = 0; ;)
        {
            Task change;
            lock (gate)
            {
                for (; next < lines.Count; next++)
                {
                    if (lines[next].Contains(text, StringComparison.Ordinal))
                        return lines[next];
                }

                if (hasEnded)
                    return null;
                change = changed.Task;
            }

            await change;
        }
    }

    public override string ToString() => string.Join(Environment.NewLine, Lines);

    private async Task ReadAsync(StreamReader reader)
    {
        string? line;
        do
        {
            line = await reader.ReadLineAsync();
            TaskCompletionSource change;
            lock (gate)
            {
                if (line is null)
                    hasEnded = true;
                else
                    lines.Add(line);
                (change, changed) = (changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            change.SetResult();
        }
        while (line is not null);
    }
}
