using System.CommandLine;
using UniqueRandom.Server.Commands;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Maintenance;

/// <summary>Creates verbs that work on a database directly.</summary>
internal static class StoreVerb
{
    public const int Done = 0;

    /// <summary>The user has declined.</summary>
    public const int Declined = 1;

    /// <summary>The command line, or what is stored, is not valid.</summary>
    public const int Refused = 2;

    private const string DeclinedNote = "  1    you have declined; nothing was changed\n";

    /// <summary>Creates a verb.</summary>
    /// <param name="name">The name.</param>
    /// <param name="description">What it does, for the help.</param>
    /// <param name="examples">Examples for the help, one on each line.</param>
    /// <param name="inputs">Its switches.</param>
    /// <param name="run">Runs it, and returns the exit code.</param>
    /// <param name="asks">Whether it asks the user. The default is that it does not.</param>
    public static Verb Create(
        string name,
        string description,
        string examples,
        IEnumerable<Option> inputs,
        Func<ParseResult, CancellationToken, Task<int>> run,
        bool asks = false) => Verb.Create(
        name,
        description,
        (examples, ExitCodeNotes(asks)),
        Refused,
        inputs,
        (arguments, cancellationToken) => RunAsync(() => run(arguments, cancellationToken)));

    private static string ExitCodeNotes(bool asks) => $"""
        Exit codes:
          0    done
        {(asks ? DeclinedNote : "")}  2    refused: the command line is not valid, or a database is damaged, in use or away
          130  interrupted
        """;

    private static async Task<int> RunAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception error) when (error is StoreRefusedException or StoreException or InsufficientMemoryException
            or InsufficientDiskException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return Refused;
        }
    }
}
