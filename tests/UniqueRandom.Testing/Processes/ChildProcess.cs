using System.Diagnostics;
using System.Runtime.InteropServices;

namespace UniqueRandom.Testing.Processes;

/// <summary>A child process with captured output. Every wait is bounded, and its error shows the output.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private bool isDisposed;

    public ChildProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        process = Process.Start(start)!;
        process.StandardInput.Close();
        Output = new Transcript(process.StandardOutput);
        Errors = new Transcript(process.StandardError);
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public Transcript Output { get; }

    public Transcript Errors { get; }

    /// <summary>Waits for the first line of a transcript that contains a text.</summary>
    public async Task<string> LineAsync(Transcript transcript, string text) =>
        await FindLineAsync(transcript, text) ?? throw Failure($"ended without a line with '{text}'");

    /// <summary>Waits for the first line of a transcript that contains a text; null if the process ends without it.</summary>
    public Task<string?> FindLineAsync(Transcript transcript, string text) =>
        Bounded(transcript.FindAsync(text), $"a line with '{text}'");

    /// <summary>Waits until the process has ended and its output is read.</summary>
    public async Task<int> ExitAsync()
    {
        await Bounded(EndAsync(), "its end");
        return process.ExitCode;

        async Task<bool> EndAsync()
        {
            await process.WaitForExitAsync();
            await Task.WhenAll(Output.Ended, Errors.Ended);
            return true;
        }
    }

    public void Signal(PosixSignal signal) => Assert.True(Kill(process.Id, Number(signal)) == 0 || HasExited);

    /// <summary>Kills the process with SIGKILL.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (isDisposed)
            return;
        isDisposed = true;
        if (!process.HasExited)
            await KillAsync();
        process.Dispose();
    }

    public InvalidOperationException Failure(string what) =>
        new($"The process {process.StartInfo.FileName} {what}."
            + $"{Environment.NewLine}Output: {Output}{Environment.NewLine}Errors: {Errors}");

    private static int Number(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGTERM => 15,
        _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, "Not sent by any test."),
    };

    private async Task<T> Bounded<T>(Task<T> task, string what)
    {
        try
        {
            return await task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw Failure($"kept the test waiting for {what} longer than {Patience.TotalSeconds} s");
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
