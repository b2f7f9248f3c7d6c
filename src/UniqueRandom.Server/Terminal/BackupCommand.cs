using UniqueRandom.Client.Models;
using UniqueRandom.Server.Commands;

namespace UniqueRandom.Server.Terminal;

/// <summary>Makes a running server write a backup, and waits for it.</summary>
internal static class BackupCommand
{
    public static Verb Create() => ServerVerb.Create(
        "backup",
        "Makes the server write a copy of its SQLite database into its directory for backups.",
        "UniqueRandom.Server backup",
        [Output.Json],
        async session =>
        {
            var status = await session.CallAsync(session.Client.StartBackupAsync, " Repeat the command to find out.");
            while (status.State is OperationState.Running)
            {
                await Task.Delay(CheckCommand.Interval, session.CancellationToken);
                status = await session.CallAsync(session.Client.GetBackupAsync);
            }

            if (status.State is not OperationState.Done)
                throw CheckCommand.Failed("backup", status.Reason);
            session.Output.Write(status, TerminalJson.Default.BackupStatus, Views.Backup);
            return ExitCodes.Done;
        });
}
