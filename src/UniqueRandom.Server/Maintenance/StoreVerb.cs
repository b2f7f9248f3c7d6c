using System.CommandLine;
using System.Runtime.InteropServices;
using UniqueRandom.Server.Commands;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Maintenance;

/// <summary>Creates verbs that work on a database which no server uses.</summary>
internal static class StoreVerb
{
    public const int Done = 0;

    /// <summary>The user has declined.</summary>
    public const int Declined = 1;

    /// <summary>The command line, or what is stored, is not valid.</summary>
    public const int Refused = 2;

    private const int Interrupted = 130;

    private const string Notes = """
        Exit codes:
          0    done
          1    you have declined
          2    refused: the command line is not valid, or a database is damaged or in use
          130  interrupted
        """;

    /// <summary>Creates a verb.</summary>
    /// <param name="name">The name.</param>
    /// <param name="description">What it does, for the help.</param>
    /// <param name="examples">Examples for the help, one on each line.</param>
    /// <param name="inputs">Its switches.</param>
    /// <param name="run">Runs it, and returns the exit code.</param>
    public static Verb Create(
        string name,
        string description,
        string examples,
        IEnumerable<Option> inputs,
        Func<ParseResult, CancellationToken, Task<int>> run)
    {
        var verb = new Verb(name, description)
        {
            MistakeExitCode = Refused,
            Notes = $"Examples:\n  {examples.ReplaceLineEndings("\n  ")}\n\n{Notes}",
        };
        foreach (var input in inputs)
            verb.Options.Add(input);
        verb.SetAction((arguments, _) => RunAsync(arguments, run));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Func<ParseResult, CancellationToken, Task<int>> run)
    {
        using var signals = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        try
        {
            return await run(arguments, signals.Token);
        }
        catch (Exception error) when (error is StoreRefusedException or StoreException or InsufficientMemoryException
            or InsufficientDiskException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return Refused;
        }
        catch (OperationCanceledException) when (signals.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Interrupted.");
            return Interrupted;
        }

        void Cancel(PosixSignalContext signal)
        {
            signal.Cancel = true;
            signals.Cancel();
        }
    }
}
