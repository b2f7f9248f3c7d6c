namespace UniqueRandom.Server.Redis;

/// <summary>The commands about the connection itself.</summary>
internal static class SessionCommands
{
    public static void Ping(RedisConnection connection, CommandArguments arguments)
    {
        if (arguments.Count > 1)
            connection.Writer.WriteBulk(arguments[1]);
        else
            connection.Writer.WriteSimple("PONG"u8);
    }

    public static void Echo(RedisConnection connection, CommandArguments arguments) =>
        connection.Writer.WriteBulk(arguments[1]);

    public static void Authenticate(RedisConnection connection, CommandArguments arguments)
    {
        var name = arguments.Count > 2 ? arguments.Text(1) : RedisAuthentication.DefaultName;
        Reply(connection, RedisAuthentication.Authenticate(connection, name, arguments[arguments.Count - 1]));
    }

    public static void Client(RedisConnection connection, CommandArguments arguments)
    {
        var (writer, count) = (connection.Writer, arguments.Count);
        if (arguments.Is(1, "ID"u8) && count == 2)
            writer.WriteInteger(connection.Id);
        else if (arguments.Is(1, "GETNAME"u8) && count == 2 && connection.Name is { } name)
            writer.WriteBulk(name);
        else if (arguments.Is(1, "GETNAME"u8) && count == 2)
            writer.WriteNull();
        else if (arguments.Is(1, "SETNAME"u8) && count == 3)
            Reply(connection, SetName(connection, arguments.Text(2)));
        // The library of the client, which is not kept.
        else if (arguments.Is(1, "SETINFO"u8) && count == 4)
            Reply(connection, null);
        else
            Reply(connection, "ERR invalid subcommand. CLIENT has ID, GETNAME, SETNAME and SETINFO.");
    }

    public static void Select(RedisConnection connection, CommandArguments arguments) =>
        Reply(connection, arguments.Is(1, "0"u8) ? null : "ERR DB index is out of range. There is only 0.");

    public static void Reset(RedisConnection connection, CommandArguments arguments)
    {
        (connection.Key, connection.Name, connection.Writer.Version) = (null, null, 2);
        connection.Writer.WriteSimple("RESET"u8);
    }

    public static void Quit(RedisConnection connection, CommandArguments arguments)
    {
        Reply(connection, null);
        connection.Close();
    }

    /// <summary>Sets the name of the connection; an empty one removes it.</summary>
    /// <returns>The error; null after success.</returns>
    public static string? SetName(RedisConnection connection, string name)
    {
        if (name.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return "ERR The name of a client has visible ASCII characters only.";
        connection.Name = name.Length > 0 ? name : null;
        return null;
    }

    private static void Reply(RedisConnection connection, string? error)
    {
        if (error is null)
            connection.Writer.WriteSimple("OK"u8);
        else
            connection.Replies.AddError(error);
    }
}
