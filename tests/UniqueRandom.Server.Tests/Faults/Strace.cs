using System.Diagnostics;
using System.Runtime.InteropServices;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Faults;

/// <summary>Makes system calls of a running process fail while it is attached.</summary>
internal sealed class Strace : IAsyncDisposable
{
    private readonly ChildProcess process;

    private Strace(ChildProcess process) => this.process = process;

    /// <summary>
    /// Returns the program that starts another one, all of whose threads have the fault from the first call on. Skips the test if
    /// strace is missing.
    /// </summary>
    /// <param name="calls">The system calls, separated by commas.</param>
    /// <param name="fault">The fault, in the syntax of strace's option <c>inject</c>; null for none.</param>
    /// <param name="trace">The file to which the calls are written.</param>
    /// <param name="paths">The files on which they are traced and fail.</param>
    public static string[] Starter(string calls, string? fault, string trace, IEnumerable<string> paths)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not installed.");
        // Beside the program and not above it, so that it has the expected process ID.
        return
        [
            "strace", "-D", "-f", "-qq", "-o", trace, "-e", $"trace={calls}",
            .. fault is null ? [] : (string[])["-e", $"inject={calls}:{fault}"],
            .. paths.SelectMany(path => (string[])["-P", path]),
        ];
    }

    /// <summary>Attaches to every thread of a process. Skips the test if strace is missing or can't attach.</summary>
    /// <param name="id">The process ID.</param>
    /// <param name="calls">The system calls, separated by commas.</param>
    /// <param name="fault">The fault, in the syntax of strace's option <c>inject</c>.</param>
    /// <param name="path">The only file on which they fail; null for any file.</param>
    public static async Task<Strace> AttachAsync(int id, string calls, string fault, string? path = null)
    {
        var start = new ProcessStartInfo(
            "strace", ["-f", "-p", $"{id}", "-e", $"trace={calls}", "-e", $"inject={calls}:{fault}"]);
        foreach (var argument in path is null ? [] : (string[])["-P", path])
            start.ArgumentList.Add(argument);

        ChildProcess process;
        try
        {
            process = new ChildProcess(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("strace is not installed.");
            throw;
        }

        var line = await process.LineAsync(process.Errors, "attach");
        if (!line.Contains(" attached", StringComparison.Ordinal))
        {
            await process.DisposeAsync();
            Assert.Skip($"strace may not attach here: {line}");
        }

        return new Strace(process);
    }

    /// <summary>Detaches. System calls no longer fail.</summary>
    public async Task DetachAsync()
    {
        process.Signal(PosixSignal.SIGINT);
        await process.ExitAsync();
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
