namespace UniqueRandom.Server.Redis;

/// <summary>HELLO: selects the version of the protocol, and can authenticate and name the connection.</summary>
internal static class HelloCommand
{
    public static void Execute(RedisConnection connection, CommandArguments arguments)
    {
        if (Apply(connection, arguments) is { } error)
            connection.Replies.AddError(error);
        else
            WriteServer(connection);
    }

    /// <summary>Reads the options, and then changes the connection.</summary>
    /// <returns>The error; null after success.</returns>
    private static string? Apply(RedisConnection connection, CommandArguments arguments)
    {
        var version = arguments.Count > 1 ? arguments.Integer(1, 2, 3) : connection.Writer.Version;
        if (version is null)
            return "NOPROTO unsupported protocol version. Use 2 or 3.";
        var (key, name) = (0, 0);
        for (var i = 2; i < arguments.Count; i++)
        {
            if (key == 0 && arguments.Is(i, "AUTH"u8) && i + 2 < arguments.Count)
                key = i += 2;
            else if (name == 0 && arguments.Is(i, "SETNAME"u8) && i + 1 < arguments.Count)
                name = ++i;
            else
                return "ERR syntax error in HELLO. Usage: HELLO [version [AUTH name key] [SETNAME name]]";
        }

        var before = connection.Key;
        if (key > 0 && RedisAuthentication.Authenticate(connection, arguments.Text(key - 1), arguments[key]) is { } refused)
            return refused;
        if (!connection.IsAuthenticated)
            return RedisAuthentication.Refuse(connection, RedisError.NoKey);
        if (name > 0 && SessionCommands.SetName(connection, arguments.Text(name)) is { } invalid)
        {
            connection.Key = before;
            return invalid;
        }

        connection.Writer.Version = version.Value;
        return null;
    }

    private static void WriteServer(RedisConnection connection)
    {
        var writer = connection.Writer;
        writer.BeginMap(7);
        writer.WriteBulk("server");
        writer.WriteBulk(InfoCommand.ServerName);
        writer.WriteBulk("version");
        writer.WriteBulk(InfoCommand.RedisVersion);
        writer.WriteBulk("proto");
        writer.WriteInteger(writer.Version);
        writer.WriteBulk("id");
        writer.WriteInteger(connection.Id);
        writer.WriteBulk("mode");
        writer.WriteBulk("standalone");
        writer.WriteBulk("role");
        writer.WriteBulk("master");
        writer.WriteBulk("modules");
        writer.BeginArray(0);
    }
}
