using UniqueRandom.Client.Models;
using UniqueRandom.Server.Commands;
using ClientDefinition = UniqueRandom.Client.Models.PoolDefinition;
using ClientOrder = UniqueRandom.Client.Models.PoolOrder;
using PoolDefinition = UniqueRandom.Pools.PoolDefinition;
using PoolOrder = UniqueRandom.Pools.PoolOrder;
using PoolState = UniqueRandom.Client.Models.PoolState;

namespace UniqueRandom.Server.Terminal;

/// <summary>Creates a pool, and waits until it is open.</summary>
internal static class CreateCommand
{
    private const string Advice = " The pool may be created. Repeat the command to find out: it creates no second one.";

    private const string Stored = "stored";
    private const string Computed = "computed";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public static Verb Create()
    {
        var pool = Inputs.Pool();
        var minimum = Inputs.Integer("--minimum", "The smallest number.", "NUMBER");
        minimum.DefaultValueFactory = _ => 1;
        var maximum = Inputs.Integer("--maximum", "The largest number.", "NUMBER");
        maximum.Required = true;
        var order = Inputs.Choice(
            "--order",
            "A shuffle that is stored, or an order that is computed: nothing is stored, for up to 2^63 - 1 numbers.",
            Stored,
            Computed);
        var noWait = Inputs.Flag("--no-wait", "Returns while a large pool is being seeded.");
        return ServerVerb.Create(
            "create",
            "Creates a pool, or shows it if it exists with the same range and order.",
            "UniqueRandom.Server create raffle --maximum 5000",
            [pool, minimum, maximum, order, noWait, Output.Json],
            async session =>
            {
                var (smallest, largest) = (session.Get(minimum), session.Get(maximum));
                var isComputed = session.Get(order) == Computed;
                var kind = isComputed ? PoolOrder.Computed : PoolOrder.Stored;
                if (PoolDefinition.Validate(smallest, largest, kind) is { } mistake)
                    throw new TerminalException(ExitCodes.BadInput, $"{minimum.Name} and {maximum.Name}: {mistake}");
                var definition = new ClientDefinition
                {
                    Minimum = smallest,
                    Maximum = largest,
                    Order = isComputed ? ClientOrder.Computed : ClientOrder.Stored,
                };
                var status = await session.CallAsync(
                    cancellationToken => session.Client.CreatePoolAsync(session.Get(pool), definition, cancellationToken),
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
