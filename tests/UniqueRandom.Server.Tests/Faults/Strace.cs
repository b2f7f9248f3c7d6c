using System.Diagnostics;
using System.Runtime.InteropServices;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Faults;

/// <summary>Lets system calls of a running process fail, for as long as it is attached.</summary>
internal sealed class Strace : IAsyncDisposable
{
    private readonly ChildProcess process;

    private Strace(ChildProcess process) => this.process = process;

    /// <summary>Attaches to every thread of a process. Skips the test where there is no strace, or it may not attach.</summary>
    /// <param name="id">The process.</param>
    /// <param name="calls">The system calls, separated by commas.</param>
    /// <param name="fault">What becomes of them, as strace's option inject takes it.</param>
    /// <param name="path">The only file they are to fail on; by default any.</param>
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

    /// <summary>Detaches; from now on nothing fails.</summary>
    public async Task DetachAsync()
    {
        process.Signal(PosixSignal.SIGINT);
        await process.ExitAsync();
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
