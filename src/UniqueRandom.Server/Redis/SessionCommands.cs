namespace UniqueRandom.Server.Redis;

/// <summary>The commands about the connection itself.</summary>
internal static class SessionCommands
{
    private const string UnknownSubcommand = "ERR unknown subcommand; CLIENT has ID, GETNAME, SETNAME and SETINFO";

    public static void Ping(RedisConnection connection, RespCommand command)
    {
        if (command.Count > 1)
            connection.Writer.WriteBulk(command[1]);
        else
            connection.Writer.WriteSimple("PONG"u8);
    }

    public static void Echo(RedisConnection connection, RespCommand command) => connection.Writer.WriteBulk(command[1]);

    public static void Authenticate(RedisConnection connection, RespCommand command)
    {
        var name = command.Count > 2 ? command.Text(1) : RedisAuthentication.DefaultName;
        Answer(connection, RedisAuthentication.Authenticate(connection, name, command[command.Count - 1]));
    }

    public static void Hello(RedisConnection connection, RespCommand command)
    {
        if (ReadHello(connection, command) is { } error)
            connection.Replies.AddError(error);
        else
            ServerCommands.Hello(connection);
    }

    public static void Client(RedisConnection connection, RespCommand command)
    {
        var writer = connection.Writer;
        if (command.Is(1, "ID"u8) && command.Count == 2)
            writer.WriteInteger(connection.Id);
        else if (command.Is(1, "GETNAME"u8) && command.Count == 2 && connection.Name is { } name)
            writer.WriteBulk(name);
        else if (command.Is(1, "GETNAME"u8) && command.Count == 2)
            writer.WriteNull();
        else if (command.Is(1, "SETNAME"u8) && command.Count == 3)
            Answer(connection, SetName(connection, command.Text(2)));
        else
            // SETINFO names the client's library, which is not kept.
            Answer(connection, command.Is(1, "SETINFO"u8) && command.Count == 4 ? null : UnknownSubcommand);
    }

    public static void Select(RedisConnection connection, RespCommand command) =>
        Answer(connection, command.Is(1, "0"u8) ? null : "ERR DB index is out of range; there is only 0");

    public static void Reset(RedisConnection connection, RespCommand command)
    {
        (connection.Key, connection.Name, connection.Writer.Version) = (null, null, 2);
        connection.Writer.WriteSimple("RESET"u8);
    }

    public static void Quit(RedisConnection connection, RespCommand command)
    {
        Answer(connection, null);
        connection.Close();
    }

    /// <summary>Reads the options of HELLO, and changes the connection if all are valid.</summary>
    /// <returns>The error; null after success.</returns>
    private static string? ReadHello(RedisConnection connection, RespCommand command)
    {
        var version = command.Count > 1 ? command.Integer(1, 2, 3) : connection.Writer.Version;
        if (version is null)
            return "NOPROTO unsupported protocol version; there are 2 and 3";
        string? name = null;
        for (var i = 2; i < command.Count; i++)
        {
            if (command.Is(i, "AUTH"u8) && i + 2 < command.Count)
            {
                if (RedisAuthentication.Authenticate(connection, command.Text(i + 1), command[i + 2]) is { } error)
                    return error;
                i += 2;
            }
            else if (command.Is(i, "SETNAME"u8) && i + 1 < command.Count)
            {
                name = command.Text(++i);
            }
            else
            {
                return "ERR Syntax error in HELLO";
            }
        }

        if (!connection.IsAuthenticated)
        {
            return RedisAuthentication.Refuse(
                connection, "NOAUTH unauthorized: A valid key is required. Send it with HELLO 3 AUTH.");
        }


        if (name is not null && SetName(connection, name) is { } invalid)
            return invalid;
        connection.Writer.Version = version.Value;
        return null;
    }

    private static string? SetName(RedisConnection connection, string name)
    {
        if (name.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return "ERR Client names cannot contain spaces, newlines or special characters.";
        connection.Name = name.Length > 0 ? name : null;
        return null;
    }

    private static void Answer(RedisConnection connection, string? error)
    {
        if (error is null)
            connection.Writer.WriteSimple("OK"u8);
        else
            connection.Replies.AddError(error);
    }
}
