using UniqueRandom.Pools;
using UniqueRandom.Server.Commands;

namespace UniqueRandom.Server.Terminal;

/// <summary>Shows pools.</summary>
internal static class PoolCommands
{
    public static Verb CreatePools() => ServerVerb.Create(
        "pools",
        "Lists the pools.",
        "UniqueRandom.Server pools --json",
        [Output.Json],
        async session =>
        {
            var pools = await session.CallAsync(
                async cancellationToken => await session.Client.GetPoolsAsync(cancellationToken).ToArrayAsync(cancellationToken));
            session.Output.Write(pools, TerminalJson.Default.PoolStatusArray, Views.Table);
            return ExitCodes.Done;
        });

    public static Verb CreateShow()
    {
        var pool = Inputs.Pool(PoolName.Default);
        return ServerVerb.Create(
            "show",
            "Shows the state, the speed and the expected exhaustion of a pool.",
            "UniqueRandom.Server show raffle",
            [pool, Output.Json],
            async session =>
            {
                var status = await session.GetPoolAsync(session.Get(pool));
                session.Output.Write(status, TerminalJson.Default.PoolStatus, Views.Details);
                return ExitCodes.Done;
            });
    }
}
