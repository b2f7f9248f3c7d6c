using System.CommandLine;
using System.Runtime.InteropServices;
using UniqueRandom.Client;
using UniqueRandom.Server.Commands;

namespace UniqueRandom.Server.Terminal;

/// <summary>Creates verbs that call a running server.</summary>
internal static class ServerVerb
{
    private const string Notes = """
        Exit codes:
          0    done
          1    no: the number is not drawn, the log deviates, the backup or the check failed, or you have declined
          2    the command line or a file is not valid
          3    the server refused the request
          4    the pool is closed, or has fewer numbers left
          5    the server did not answer in time
          6    the result could not be written
          130  interrupted
        """;

    /// <summary>Creates a verb.</summary>
    /// <param name="name">The name.</param>
    /// <param name="description">What it does, for the help.</param>
    /// <param name="examples">Examples for the help, one on each line.</param>
    /// <param name="inputs">Its own arguments and switches.</param>
    /// <param name="run">Runs it, and returns the exit code.</param>
    public static Verb Create(
        string name, string description, string examples, IEnumerable<Symbol> inputs, Func<Session, Task<int>> run)
    {
        var verb = new Verb(name, description)
        {
            MistakeExitCode = ExitCodes.BadInput,
            Notes = $"Examples:\n  {examples.ReplaceLineEndings("\n  ")}\n\n{Notes}",
        };
        foreach (var input in inputs)
        {
            if (input is Argument argument)
                verb.Arguments.Add(argument);
            else
                verb.Options.Add((Option)input);
        }

        foreach (var option in new Option[] { Connection.Url, Connection.KeyFile, Connection.Timeout })
            verb.Options.Add(option);
        verb.SetAction((arguments, _) => RunAsync(arguments, run));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Func<Session, Task<int>> run)
    {
        using var signals = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        try
        {
            var url = Connection.ReadUrl(arguments);
            var timeout = TimeSpan.FromSeconds(arguments.GetValue(Connection.Timeout));
            var attempts = new AttemptWatch(url, timeout);
            await using var services = Connection.Connect(url, Connection.ReadKey(arguments), attempts);
            var client = services.GetRequiredService<UniqueRandomClient>();
            return await run(new Session(arguments, client, attempts, signals.Token));
        }
        catch (TerminalException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return error.ExitCode;
        }
        catch (IOException error)
        {
            await Console.Error.WriteLineAsync($"Can't write the result: {error.Message}");
            return ExitCodes.NotWritten;
        }
        catch (OperationCanceledException) when (signals.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Interrupted.");
            return ExitCodes.Interrupted;
        }

        void Cancel(PosixSignalContext signal)
        {
            signal.Cancel = true;
            signals.Cancel();
        }
    }
}
