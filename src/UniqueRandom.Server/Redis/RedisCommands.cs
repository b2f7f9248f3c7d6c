using UniqueRandom.Server.Access;
using UniqueRandom.Server.Problems;

namespace UniqueRandom.Server.Redis;

/// <summary>The commands, and the checks before one is executed.</summary>
internal static class RedisCommands
{
    private const int Any = int.MaxValue;

    public static readonly RedisCommand[] All =
    [
        new("SPOP", 2, 3, RedisAccess.DrawRole, DrawCommands.Pop, "pool [count]", "Draws a number, or exactly count numbers."),
        new("UR.DRAW", 4, 5, RedisAccess.DrawRole, DrawCommands.Draw, "pool count key [reference]",
            "Draws count numbers; the same key gets the same numbers again."),
        new("SCARD", 2, 2, RedisAccess.AnyKey, DrawCommands.Count, "pool", "Tells how many numbers can be drawn."),
        new("PING", 1, 2, RedisAccess.AnyKey, SessionCommands.Ping, "[message]", "Answers PONG, or the message."),
        new("ECHO", 2, 2, RedisAccess.AnyKey, SessionCommands.Echo, "message", "Answers the message."),
        new("AUTH", 2, 3, RedisAccess.Nothing, SessionCommands.Authenticate, "[name] key", "Authenticates with an access key."),
        new("HELLO", 1, 8, RedisAccess.Nothing, SessionCommands.Hello, "[version [AUTH name key] [SETNAME name]]",
            "Chooses the version of the protocol, 2 or 3."),
        new("CLIENT", 2, 4, RedisAccess.AnyKey, SessionCommands.Client, "ID | GETNAME | SETNAME name | SETINFO attribute value",
            "Names the connection."),
        new("SELECT", 2, 2, RedisAccess.AnyKey, SessionCommands.Select, "0", "Selects the only database."),
        new("RESET", 1, 1, RedisAccess.Nothing, SessionCommands.Reset, "", "Resets the connection to its first state."),
        new("QUIT", 1, Any, RedisAccess.Nothing, SessionCommands.Quit, "", "Closes the connection."),
        new("COMMAND", 1, Any, RedisAccess.AnyKey, CommandDocs.Answer, "[COUNT | LIST | INFO [name ...] | DOCS [name ...]]",
            "Describes the commands."),
        new("INFO", 1, Any, RedisAccess.AnyKey, ServerCommands.Info, "[section ...]", "Describes the server."),
    ];

    private static readonly string Names = string.Join(", ", All.Select(command => command.Name));

    public static RedisCommand? Find(ReadOnlySpan<byte> name)
    {
        foreach (var command in All)
        {
            if (command.IsNamed(name))
                return command;
        }

        return null;
    }

    /// <summary>Executes a command, or answers why it is refused.</summary>
    /// <returns>False if the answers to earlier draws must be written first. Nothing was done then.</returns>
    public static bool TryExecute(RedisConnection connection, RespCommand arguments)
    {
        var command = Find(arguments[0]);
        if (command?.Draws != true && connection.Replies.Count > 0)
            return false;
        if (Refuse(connection, command, arguments) is { } error)
            connection.Replies.AddError(error);
        else
            command!.Handler(connection, arguments);
        return true;
    }

    private static string? Refuse(RedisConnection connection, RedisCommand? command, RespCommand arguments)
    {
        if (command?.Access != RedisAccess.Nothing && !connection.IsAuthenticated)
            return RedisAuthentication.Refuse(connection, RedisError.Of(Problem.FromStatus(StatusCodes.Status401Unauthorized)));
        if (command is null)
            return $"ERR unknown command {RedisError.Quote(arguments[0])}. The commands are {Names}.";
        if (arguments.Count < command.Minimum || arguments.Count > command.Maximum)
            return $"ERR wrong number of arguments for '{command.Name}'. Usage: {command.Name} {command.Usage}".TrimEnd();
        if (connection.Key is not { } key || command.Access == RedisAccess.Nothing)
            return null;
        if (command.Draws && !key.Has(Role.Draw))
            return RedisError.Of(Problem.Forbidden(key.Name, Role.Draw));
        return connection.Services.Limits!.TryCount(key)
            ? null
            : RedisError.Of(Problem.FromStatus(StatusCodes.Status429TooManyRequests));
    }
}
