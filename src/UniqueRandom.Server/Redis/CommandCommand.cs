namespace UniqueRandom.Server.Redis;

/// <summary>COMMAND: describes the commands. Interactive clients complete with it what is typed.</summary>
internal static class CommandCommand
{
    public static void Execute(RedisConnection connection, CommandArguments arguments)
    {
        var writer = connection.Writer;
        if (arguments.Count == 1 || arguments.Is(1, "INFO"u8))
            WriteInfo(writer, Choose(arguments));
        else if (arguments.Is(1, "DOCS"u8))
            WriteDocs(writer, Choose(arguments));
        else if (arguments.Is(1, "LIST"u8) && arguments.Count == 2)
            WriteNames(writer);
        else if (arguments.Is(1, "COUNT"u8) && arguments.Count == 2)
            writer.WriteInteger(CommandTable.All.Length);
        else
            connection.Replies.AddError("ERR invalid subcommand. COMMAND has COUNT, LIST, INFO and DOCS.");
    }

    /// <summary>Returns the commands that are named, null for those that don't exist; all if none is named.</summary>
    private static CommandDefinition?[] Choose(CommandArguments arguments)
    {
        if (arguments.Count <= 2)
            return CommandTable.All;
        var chosen = new CommandDefinition?[arguments.Count - 2];
        for (var i = 0; i < chosen.Length; i++)
            chosen[i] = CommandTable.Find(arguments[i + 2]);
        return chosen;
    }

    private static void WriteInfo(RespWriter writer, CommandDefinition?[] commands)
    {
        writer.BeginArray(commands.Length);
        foreach (var command in commands)
        {
            if (command is null)
            {
                writer.WriteNullArray();
                continue;
            }

            writer.BeginArray(6);
            writer.WriteBulk(command.LowerName);
            // Negative where more arguments may follow.
            writer.WriteInteger(command.Minimum == command.Maximum ? command.Minimum : -command.Minimum);
            writer.BeginSet(1);
            writer.WriteSimple(command.Draws ? "write"u8 : command.HasPool ? "readonly"u8 : "fast"u8);
            // The first and the last argument that is a key, and the step from one to the next.
            var place = command.HasPool ? 1 : 0;
            writer.WriteInteger(place);
            writer.WriteInteger(place);
            writer.WriteInteger(place);
        }
    }

    private static void WriteDocs(RespWriter writer, CommandDefinition?[] commands)
    {
        writer.BeginMap(commands.Count(command => command is not null));
        foreach (var command in commands.OfType<CommandDefinition>())
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
        writer.BeginArray(CommandTable.All.Length);
        foreach (var command in CommandTable.All)
            writer.WriteBulk(command.LowerName);
    }
}
