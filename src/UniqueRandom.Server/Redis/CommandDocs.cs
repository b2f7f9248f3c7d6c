namespace UniqueRandom.Server.Redis;

/// <summary>COMMAND and its subcommands, which interactive clients call to complete what is typed.</summary>
internal static class CommandDocs
{
    public static void Answer(RedisConnection connection, RespCommand command)
    {
        var writer = connection.Writer;
        if (command.Count == 1 || command.Is(1, "INFO"u8))
            WriteInfo(writer, Choose(command));
        else if (command.Is(1, "DOCS"u8))
            WriteDocs(writer, Choose(command));
        else if (command.Is(1, "LIST"u8) && command.Count == 2)
            WriteNames(writer);
        else if (command.Is(1, "COUNT"u8) && command.Count == 2)
            writer.WriteInteger(RedisCommands.All.Length);
        else
            connection.Replies.AddError("ERR unknown subcommand; COMMAND has COUNT, LIST, INFO and DOCS");
    }

    /// <summary>Returns the commands that are named, null for those that don't exist; all if none is named.</summary>
    private static RedisCommand?[] Choose(RespCommand command)
    {
        if (command.Count <= 2)
            return RedisCommands.All;
        var chosen = new RedisCommand?[command.Count - 2];
        for (var i = 0; i < chosen.Length; i++)
            chosen[i] = RedisCommands.Find(command[i + 2]);
        return chosen;
    }

    private static void WriteInfo(RespWriter writer, RedisCommand?[] commands)
    {
        writer.BeginArray(commands.Length);
        foreach (var command in commands)
        {
            if (command is null)
            {
                writer.WriteNull();
                continue;
            }

            writer.BeginArray(6);
            writer.WriteBulk(command.LowerName);
            // Negative where more arguments may follow.
            writer.WriteInteger(command.Minimum == command.Maximum ? command.Minimum : -command.Minimum);
            writer.BeginSet(1);
            writer.WriteSimple(command.Draws ? "write"u8 : "fast"u8);
            // The first and the last argument that is a key, and the step from one to the next.
            var place = command.HasPool ? 1 : 0;
            writer.WriteInteger(place);
            writer.WriteInteger(place);
            writer.WriteInteger(place);
        }
    }

    private static void WriteDocs(RespWriter writer, RedisCommand?[] commands)
    {
        writer.BeginMap(commands.Count(command => command is not null));
        foreach (var command in commands.OfType<RedisCommand>())
        {
            writer.WriteBulk(command.LowerName);
            writer.BeginMap(2);
            writer.WriteBulk("summary");
            writer.WriteBulk($"{command.Summary} {command.Name} {command.Usage}".TrimEnd());
            writer.WriteBulk("group");
            writer.WriteBulk(command.HasPool ? "set" : "connection");
        }
    }

    private static void WriteNames(RespWriter writer)
    {
        writer.BeginArray(RedisCommands.All.Length);
        foreach (var command in RedisCommands.All)
            writer.WriteBulk(command.LowerName);
    }
}
