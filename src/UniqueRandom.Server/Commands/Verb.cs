using System.CommandLine;
using System.Runtime.InteropServices;

namespace UniqueRandom.Server.Commands;

/// <summary>A command of the program beside the server.</summary>
internal sealed class Verb(string name, string description) : Command(name, description)
{
    /// <summary>The exit code after a signal; the one of a shell for SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>The exit code if the command line is not valid.</summary>
    public int MistakeExitCode { get; init; } = 1;

    /// <summary>What the help says after the switches.</summary>
    public string Notes { get; init; } = "";

    /// <summary>Creates a verb that SIGINT and SIGTERM cancel.</summary>
    /// <param name="name">The name.</param>
    /// <param name="description">What it does, for the help.</param>
    /// <param name="notes">Examples, one on each line, and the exit codes, for the help.</param>
    /// <param name="mistakeExitCode">The exit code if the command line is not valid.</param>
    /// <param name="inputs">Its arguments and switches.</param>
    /// <param name="run">Runs it, and returns the exit code.</param>
    public static Verb Create(
        string name,
        string description,
        (string Examples, string ExitCodes) notes,
        int mistakeExitCode,
        IEnumerable<Symbol> inputs,
        Func<ParseResult, CancellationToken, Task<int>> run)
    {
        var verb = new Verb(name, description)
        {
            MistakeExitCode = mistakeExitCode,
            Notes = $"Examples:\n  {notes.Examples.ReplaceLineEndings("\n  ")}\n\n{notes.ExitCodes}",
        };
        foreach (var input in inputs)
        {
            if (input is Argument argument)
                verb.Arguments.Add(argument);
            else
                verb.Options.Add((Option)input);
        }

        verb.SetAction((arguments, _) => RunAsync(cancellationToken => run(arguments, cancellationToken)));
        return verb;
    }

    private static async Task<int> RunAsync(Func<CancellationToken, Task<int>> run)
    {
        using var signals = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        try
        {
            return await run(signals.Token);
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
