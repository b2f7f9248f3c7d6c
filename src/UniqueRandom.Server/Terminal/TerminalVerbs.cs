using UniqueRandom.Server.Commands;

namespace UniqueRandom.Server.Terminal;

/// <summary>The verbs for people at a terminal.</summary>
internal static class TerminalVerbs
{
    public static IEnumerable<Verb> CreateAll() =>
    [
        DrawCommand.Create(),
        PoolCommands.CreatePools(),
        PoolCommands.CreateShow(),
        CreateCommand.Create(),
        ExtendCommand.Create(),
        CloseCommand.Create(),
        LookupCommand.Create(),
        ExportCommand.Create(),
        VerifyCommand.Create(),
        BackupCommand.Create(),
        CheckCommand.Create(),
        CompletionCommand.Create(),
    ];
}
