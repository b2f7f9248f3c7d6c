using UniqueRandom.Client.Models;
using UniqueRandom.Server.Commands;

namespace UniqueRandom.Server.Terminal;

/// <summary>Makes a running server check everything that it has stored, and waits for it.</summary>
internal static class CheckCommand
{
    /// <summary>How often the server is asked whether it is done.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public static Verb Create() => ServerVerb.Create(
        "check",
        "Makes the server check everything that it has stored. For a database that no server uses, see check-file.",
        "UniqueRandom.Server check",
        [Output.Json],
        async session =>
        {
            var started = await session.CallAsync(session.Client.StartCheckAsync, " Repeat the command to find out.");
            var ended = await session.Output.TrackAsync("Checking", Math.Max(started.Total, 1), reached =>
                WaitAsync(session, started, reached));
            if (ended.State is not OperationState.Done)
                throw Failed("check", ended.Reason);
            session.Output.Write(ended, TerminalJson.Default.CheckStatus, Views.Check);
            return ExitCodes.Done;
        });

    public static TerminalException Failed(string operation, string? reason) => new(
        ExitCodes.No, $"The {operation} failed: {reason ?? "the server gave no result. Repeat the command."}");

    private static async Task<CheckStatus> WaitAsync(Session session, CheckStatus status, Action<long> reached)
    {
        while (status.State is OperationState.Running)
        {
            await Task.Delay(Interval, session.CancellationToken);
            status = await GetAsync(session);
            reached(status.Checked);
        }

        return status;
    }

    private static async Task<CheckStatus> GetAsync(Session session)
    {
        try
        {
            return await session.CallAsync(session.Client.GetCheckAsync);
        }
        catch (TerminalException error) when (error.ExitCode == ExitCodes.NoAnswer)
        {
            throw new TerminalException(
                ExitCodes.No,
                "The server no longer answers. If it has ended, the check has found damage: see its log.",
                error);
        }
    }
}
