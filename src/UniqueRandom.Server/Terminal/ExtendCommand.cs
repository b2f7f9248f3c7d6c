using UniqueRandom.Client.Models;
using UniqueRandom.Server.Commands;
using UniqueRandom.Server.Requests;
using IdempotencyKey = UniqueRandom.Draws.IdempotencyKey;
using OrderName = UniqueRandom.Pools.OrderName;

namespace UniqueRandom.Server.Terminal;

/// <summary>Adds a segment to a pool, and waits until it is ready.</summary>
internal static class ExtendCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public static Verb Create()
    {
        var pool = Inputs.Pool();
        var maximum = Inputs.Integer("--maximum", "The largest number of the pool after the extension. Required.", "NUMBER");
        maximum.Required = true;
        var order = Inputs.Order("Whether the order of the new segment is stored or computed. Default: that of the pool.");
        var key = Inputs.Text(
            "--idempotency-key",
            "Identifies the extension: repeated with the same key, it adds nothing more. Default: a new one.",
            "KEY",
            text => IdempotencyKey.IsValid(text),
            Rules.Key);
        var noWait = Inputs.Flag("--no-wait", "Returns while the order of a large segment is being stored.");
        return ServerVerb.Create(
            "extend",
            "Adds a segment of numbers to the end of a pool, while draws go on.",
            "UniqueRandom.Server extend raffle --maximum 10000 --idempotency-key more-tickets",
            [pool, maximum, order, key, noWait, Output.Json],
            async session =>
            {
                var (name, largest) = (session.Get(pool), session.Get(maximum));
                // Also if none is given: the client repeats the request with it after a lost answer.
                var chosen = session.Get(key) ?? Guid.NewGuid().ToString();
                var kind = session.Get(order) is { } text && OrderName.TryRead(text, out var read)
                    ? read.ToClient()
                    : (PoolOrder?)null;
                var status = await session.CallAsync(
                    cancellationToken => session.Client.ExtendPoolAsync(name, largest, kind, chosen, cancellationToken),
                    $" The pool may be extended. Repeat the command with {key.Name} {chosen} to find out: it extends no more.");
                if (!session.Get(noWait) && PendingOf(status) is { } pending)
                {
                    status = await session.Output.TrackAsync(
                        "Seeding", pending.Size, seeded => SeedAsync(session, status, seeded));
                    if (status.Maximum < largest)
                    {
                        throw new TerminalException(
                            ExitCodes.NothingLeft,
                            $"The pool '{name}' was closed before the new segment was ready, and was not extended. Use another "
                            + "pool.");
                    }
                }

                session.Output.Write(status, TerminalJson.Default.PoolStatus, Views.Details);
                return ExitCodes.Done;
            });
    }

    private static PoolSegment? PendingOf(PoolStatus pool) => pool.Segments is [.., { IsReady: false } last] ? last : null;

    private static async Task<PoolStatus> SeedAsync(Session session, PoolStatus pool, Action<long> seeded)
    {
        const string advice = " The server goes on seeding. Show the pool to see how far it is.";
        while (pool.State != PoolState.Closed && PendingOf(pool) is { } pending)
        {
            seeded(pending.Seeded);
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
