namespace UniqueRandom.Server.Terminal;

/// <summary>A verb failed. The message is the one line on stderr.</summary>
internal sealed class TerminalException(int exitCode, string message, Exception? cause = null) : Exception(message, cause)
{
    public int ExitCode { get; } = exitCode;
}
