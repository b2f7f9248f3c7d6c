using System.Runtime.InteropServices;
using UniqueRandom.Server.Terminal;

namespace UniqueRandom.Server.Maintenance;

/// <summary>Runs a verb until it ends, or a signal cancels it.</summary>
internal static class Interruption
{
    /// <summary>Runs a verb, and writes its failure as one line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(Func<CancellationToken, Task<int>> run)
    {
        using var signals = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        try
        {
            return await run(signals.Token);
        }
        catch (TerminalException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return error.ExitCode;
        }
        catch (OperationCanceledException) when (signals.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Interrupted. Run the same command again.");
            return ExitCodes.Interrupted;
        }

        void Cancel(PosixSignalContext signal)
        {
            signal.Cancel = true;
            signals.Cancel();
        }
    }
}
