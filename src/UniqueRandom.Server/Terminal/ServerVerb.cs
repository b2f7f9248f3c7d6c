using System.CommandLine;
using UniqueRandom.Client;
using UniqueRandom.Server.Commands;

namespace UniqueRandom.Server.Terminal;

/// <summary>Creates verbs that call a running server.</summary>
internal static class ServerVerb
{
    private const string ExitCodeNotes = """
        Exit codes:
          0    done
          1    no: the number is not drawn, the code not issued, the log deviates, a backup or check failed, or you have declined
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
        string name,
        string description,
        string examples,
        IEnumerable<Symbol> inputs,
        Func<Session, Task<int>> run) => Verb.Create(
        name,
        description,
        (examples, ExitCodeNotes),
        ExitCodes.BadInput,
        [.. inputs, Connection.Url, Connection.KeyFile, Connection.Timeout],
        (arguments, cancellationToken) => RunAsync(arguments, run, cancellationToken));

    private static async Task<int> RunAsync(
        ParseResult arguments, Func<Session, Task<int>> run, CancellationToken cancellationToken)
    {
        try
        {
            var url = Connection.ReadUrl(arguments);
            var timeout = TimeSpan.FromSeconds(arguments.GetValue(Connection.Timeout));
            var attempts = new AttemptWatch(url, timeout);
            await using var services = Connection.Connect(url, Connection.ReadKey(arguments), attempts);
            var client = services.GetRequiredService<UniqueRandomClient>();
            return await run(new Session(arguments, client, attempts, cancellationToken));
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
    }
}
