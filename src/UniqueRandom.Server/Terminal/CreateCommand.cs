using UniqueRandom.Client.Models;
using UniqueRandom.Pools;
using UniqueRandom.Server.Commands;
using ClientDefinition = UniqueRandom.Client.Models.PoolDefinition;
using OrderName = UniqueRandom.Pools.OrderName;
using PoolDefinition = UniqueRandom.Pools.PoolDefinition;
using PoolOrder = UniqueRandom.Pools.PoolOrder;
using PoolState = UniqueRandom.Client.Models.PoolState;

namespace UniqueRandom.Server.Terminal;

/// <summary>Creates a pool, and waits until it is open.</summary>
internal static class CreateCommand
{
    private const string Advice = " The pool may be created. Repeat the command to find out: it creates no second one.";

    private const long UsualMinimum = 1;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public static Verb Create()
    {
        var pool = Inputs.Pool();
        var minimum = Inputs.Integer("--minimum", "The smallest number. Default: 1, or that of the first code.", "NUMBER");
        var maximum = Inputs.Integer("--maximum", "The largest number. Default: that of the last code.", "NUMBER");
        var order = Inputs.Order(
            "A shuffle that is stored, or an order that is computed: nothing is stored, for up to 2^63 - 1 numbers. "
                + "Default: stored, and computed for a large pool with codes.");
        var codes = new CodeSwitches();
        var import = Inputs.File(
            "--import",
            "A file with the numbers that were handed out elsewhere, one on each line, or - for standard input. They are never "
                + "drawn.");
        var noWait = Inputs.Flag("--no-wait", "Returns while a large pool is being seeded.");
        return ServerVerb.Create(
            "create",
            "Creates a pool, or shows it if it exists with the same definition.",
            """
            UniqueRandom.Server create raffle --maximum 5000
            UniqueRandom.Server create vouchers --code crockford32 --code-length 10 --code-prefix XMAS- --code-check
            UniqueRandom.Server create tickets --maximum 1000000 --import numbers.txt
            """,
            [pool, minimum, maximum, order, .. codes.All, import, noWait, Output.Json],
            async session =>
            {
                var definition = ReadDefinition();
                var status = session.Get(import) is { } file
                    ? await ImportAsync(session, session.Get(pool), definition, file)
                    : await session.CallAsync(
                        cancellationToken => session.Client.CreatePoolAsync(session.Get(pool), definition, cancellationToken),
                        Advice);
                if (!session.Get(noWait) && status.State == PoolState.Seeding)
                {
                    status = await session.Output.TrackAsync(
                        "Seeding", status.Size, seeded => SeedAsync(session, status, seeded));
                }

                session.Output.Write(status, TerminalJson.Default.PoolStatus, Views.Details);
                return ExitCodes.Done;

                ClientDefinition ReadDefinition()
                {
                    var code = codes.Read(session);
                    var (smallest, largest) = (session.Has(minimum), session.Has(maximum));
                    if (code is null && !largest)
                        throw new TerminalException(ExitCodes.BadInput, $"{maximum.Name} is required for a pool without codes.");
                    var kind = session.Get(order) is { } name && OrderName.TryRead(name, out var read) ? read : (PoolOrder?)null;
                    if (session.Has(import))
                        kind ??= PoolOrder.Stored;
                    if (kind == PoolOrder.Computed && session.Has(import))
                        throw new TerminalException(ExitCodes.BadInput, $"{import.Name} needs a stored order.");
                    var (first, last, completed) = PoolDefinition.Complete(
                        smallest ? session.Get(minimum) : code is null ? UsualMinimum : null,
                        largest ? session.Get(maximum) : null,
                        kind,
                        code);
                    return PoolDefinition.Validate(first, last, completed, code) is { } mistake
                        ? throw new TerminalException(ExitCodes.BadInput, $"{minimum.Name} and {maximum.Name}: {mistake}")
                        : new ClientDefinition
                        {
                            Minimum = first,
                            Maximum = last,
                            Order = completed.ToClient(),
                            Code = code?.ToClient(),
                        };
                }
            });
    }

    private static async Task<PoolStatus> ImportAsync(Session session, string pool, ClientDefinition definition, string file)
    {
        var range = new PoolRange(definition.Minimum!.Value, definition.Maximum!.Value);
        using var import = await ImportFile.ReadAsync(file, range, session.CancellationToken);
        return await session.Output.TrackAsync("Importing", import.Count, reached => session.CallAsync(
            (goOn, cancellationToken) => session.Client.CreatePoolAsync(
                pool,
                definition,
                import.Numbers(count =>
                {
                    goOn();
                    reached(count);
                }),
                cancellationToken),
            Advice));
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
