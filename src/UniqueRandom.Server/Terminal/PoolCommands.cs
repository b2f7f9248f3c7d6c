using UniqueRandom.Pools;
using UniqueRandom.Server.Commands;

namespace UniqueRandom.Server.Terminal;

/// <summary>Shows pools and numbers.</summary>
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

    public static Verb CreateLookup()
    {
        var pool = Inputs.Pool();
        var number = Inputs.Number();
        return ServerVerb.Create(
            "lookup",
            "Finds out whether a number was drawn, when, and under which reference.",
            "UniqueRandom.Server lookup raffle 4711",
            [pool, number, Output.Json],
            async session =>
            {
                var status = await session.CallAsync(
                    cancellationToken =>
                        session.Client.GetNumberAsync(session.Get(pool), session.Get(number), cancellationToken));
                session.Output.Write(status, TerminalJson.Default.NumberStatus, Views.Details);
                return status.IsDrawn ? ExitCodes.Done : ExitCodes.No;
            });
    }
}
