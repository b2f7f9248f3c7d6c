using UniqueRandom.Client.Models;
using UniqueRandom.Pools;
using UniqueRandom.Server.Commands;
using PoolState = UniqueRandom.Client.Models.PoolState;

namespace UniqueRandom.Server.Terminal;

/// <summary>Creates a pool, and waits until it is open.</summary>
internal static class CreateCommand
{
    private const string Advice = " The pool may be created. Repeat the command to find out: it creates no second one.";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public static Verb Create()
    {
        var pool = Inputs.Pool();
        var minimum = Inputs.Integer("--minimum", "The smallest number.", "NUMBER");
        minimum.DefaultValueFactory = _ => 1;
        var maximum = Inputs.Integer("--maximum", "The largest number.", "NUMBER");
        maximum.Required = true;
        var noWait = Inputs.Flag("--no-wait", "Returns while a large pool is being seeded.");
        return ServerVerb.Create(
            "create",
            "Creates a pool, or shows it if it exists with the same range.",
            "UniqueRandom.Server create raffle --maximum 5000",
            [pool, minimum, maximum, noWait, Output.Json],
            async session =>
            {
                var (smallest, largest) = (session.Get(minimum), session.Get(maximum));
                if (PoolRange.Validate(smallest, largest) is { } mistake)
                    throw new TerminalException(ExitCodes.BadInput, $"{minimum.Name} and {maximum.Name}: {mistake}");
                var status = await session.CallAsync(
                    cancellationToken => session.Client.CreatePoolAsync(session.Get(pool), smallest, largest, cancellationToken),
                    Advice);
                if (!session.Get(noWait) && status.State == PoolState.Seeding)
                {
                    status = await session.Output.TrackAsync(
                        "Seeding", status.Size, seeded => SeedAsync(session, status, seeded));
                }

                session.Output.Write(status, TerminalJson.Default.PoolStatus, Views.Details);
                return ExitCodes.Done;
            });
    }

    private static async Task<PoolStatus> SeedAsync(Session session, PoolStatus pool, Action<long> seeded)
    {
        const string advice = " The server goes on seeding. Show the pool to see how far it is.";
        while (pool.State == PoolState.Seeding)
        {
            seeded(pool.Seeded);
            pool = await session.CallAsync(
                async cancellationToken =>
                {
                    await Task.Delay(Interval, cancellationToken);
                    return await session.Client.GetPoolAsync(pool.Pool, cancellationToken);
                },
                advice);
        }

        return pool;
    }
}
