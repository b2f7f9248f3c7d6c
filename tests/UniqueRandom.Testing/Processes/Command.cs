using System.Diagnostics;

namespace UniqueRandom.Testing.Processes;

/// <summary>Runs a program to its end. Bounded in time by itself and not by the test, because it also cleans up after tests that were cancelled.</summary>
internal static class Command
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What the program has written to its output. Throws when it fails, with all it wrote.</summary>
    public static async Task<string> RunAsync(string program, params IEnumerable<string> arguments)
    {
        // A working directory that whoever runs it may enter, and messages that mean the same everywhere.
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = "/",
            Environment = { ["LC_ALL"] = "C" },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var time = new CancellationTokenSource(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(time.Token);
            var errors = process.StandardError.ReadToEndAsync(time.Token);
            await process.WaitForExitAsync(time.Token);
            return process.ExitCode == 0
                ? await output
                : throw new InvalidOperationException($"{start.FileName} {string.Join(' ', arguments)} ended with {process.ExitCode}.\n{await output}{await errors}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{start.FileName} {string.Join(' ', arguments)} took longer than {Patience.TotalSeconds} s.");
        }
    }
}
