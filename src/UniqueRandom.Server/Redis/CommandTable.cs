using UniqueRandom.Server.Access;
using UniqueRandom.Server.Problems;

namespace UniqueRandom.Server.Redis;

/// <summary>The commands, and the checks before one is executed.</summary>
internal static class CommandTable
{
    private const int Any = int.MaxValue;

    public static readonly CommandDefinition[] All =
    [
        new("SPOP", 2, 3, CommandAccess.DrawRole, DrawCommands.Pop, "pool [count]", "Draws a number, or exactly count numbers."),
        new("UR.DRAW", 4, 5, CommandAccess.DrawRole, DrawCommands.Draw, "pool count key [reference]",
            "Draws count numbers; the same key gets the same numbers again."),
        new("SCARD", 2, 2, CommandAccess.AnyKey, DrawCommands.Count, "pool", "Returns how many numbers are left."),
        new("PING", 1, 2, CommandAccess.AnyKey, SessionCommands.Ping, "[message]", "Returns PONG, or the message."),
        new("ECHO", 2, 2, CommandAccess.AnyKey, SessionCommands.Echo, "message", "Returns the message."),
        new("AUTH", 2, 3, CommandAccess.Nothing, SessionCommands.Authenticate, "[name] key",
            "Authenticates with an access key."),
        new("HELLO", 1, 8, CommandAccess.Nothing, HelloCommand.Execute, "[version [AUTH name key] [SETNAME name]]",
            "Selects the version of the protocol, 2 or 3."),
        new("CLIENT", 2, 4, CommandAccess.AnyKey, SessionCommands.Client,
            "ID | GETNAME | SETNAME name | SETINFO attribute value", "Names the connection."),
        new("SELECT", 2, 2, CommandAccess.AnyKey, SessionCommands.Select, "0", "Selects the only database."),
        new("RESET", 1, 1, CommandAccess.Nothing, SessionCommands.Reset, "", "Resets the connection to its first state."),
        new("QUIT", 1, Any, CommandAccess.Nothing, SessionCommands.Quit, "", "Closes the connection."),
        new("COMMAND", 1, Any, CommandAccess.AnyKey, CommandCommand.Execute,
            "[COUNT | LIST | INFO [name ...] | DOCS [name ...]]", "Describes the commands."),
        new("INFO", 1, Any, CommandAccess.AnyKey, InfoCommand.Execute, "[section ...]", "Describes the server."),
    ];

    private static readonly string Names = string.Join(", ", All.Select(command => command.Name));

    public static CommandDefinition? Find(ReadOnlySpan<byte> name)
    {
        foreach (var command in All)
        {
            if (command.IsNamed(name))
                return command;
        }

        return null;
    }

    /// <summary>Executes a command, or replies why it is refused.</summary>
    /// <returns>False if it must wait, for the replies to earlier draws or for the pools. Nothing was done then.</returns>
    public static bool TryExecute(RedisConnection connection, CommandArguments arguments)
    {
        var command = Find(arguments[0]);
        if (command?.Draws != true && connection.Replies.Count > 0)
            return false;
        if (command?.HasPool == true && connection.MustWaitForPools())
            return false;
        if (Refuse(connection, command, arguments) is { } error)
            connection.Replies.AddError(error);
        else
            command!.Handler(connection, arguments);
        return true;
    }

    private static string? Refuse(RedisConnection connection, CommandDefinition? command, CommandArguments arguments)
    {
        if (command?.Access != CommandAccess.Nothing && !connection.IsAuthenticated)
            return RedisAuthentication.Refuse(connection, RedisError.NoKey);
        if (command is null)
            return $"ERR unknown command {RedisError.Quote(arguments[0])}. The commands are {Names}.";
        if (arguments.Count < command.Minimum || arguments.Count > command.Maximum)
            return $"ERR wrong number of arguments for '{command.Name}'. Usage: {command.Name} {command.Usage}".TrimEnd();
        if (connection.Key is not { } key || !command.HasPool)
            return null;
        if (command.Draws && !key.Has(Role.Draw))
            return RedisError.Of(Problem.Forbidden(key.Name, Role.Draw));
        return connection.Services.Limits!.TryCount(key)
            ? null
            : RedisError.Of(Problem.FromStatus(StatusCodes.Status429TooManyRequests));
    }
}
