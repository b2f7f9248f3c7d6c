namespace UniqueRandom.Server.Configuration;

/// <summary>The server can't start. The message is the one line on stderr.</summary>
internal sealed class StartException(string message, Exception? cause = null) : Exception(message, cause);
