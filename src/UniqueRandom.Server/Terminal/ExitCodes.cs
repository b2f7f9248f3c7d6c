using UniqueRandom.Server.Commands;

namespace UniqueRandom.Server.Terminal;

/// <summary>The exit codes of the verbs that call a server. They are stable.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>
    /// The number is not drawn, the code is not issued, the log deviates from the order, the operation failed, or the user has
    /// declined.
    /// </summary>
    public const int No = 1;

    /// <summary>The command line or a file is not valid.</summary>
    public const int BadInput = 2;

    /// <summary>The server refused the request.</summary>
    public const int Refused = 3;

    /// <summary>The pool is closed, or has fewer numbers left than requested.</summary>
    public const int NothingLeft = 4;

    /// <summary>The server did not answer in time.</summary>
    public const int NoAnswer = 5;

    /// <summary>The result could not be written.</summary>
    public const int NotWritten = 6;

    /// <summary>A signal ended the program; the code is that of a shell for SIGINT.</summary>
    public const int Interrupted = Verb.Interrupted;
}
