using UniqueRandom.Codes;
using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Transfers;

/// <summary>Pools in every state, with references, keys, callers and deliveries, and what a store shows of them.</summary>
internal static class SampleStore
{
    /// <summary>The pool that is open, of three chunks.</summary>
    public static readonly PoolDefinition Open = new("open", new PoolRange(-7, 19_992));

    /// <summary>The pool whose permutation is not stored.</summary>
    public static readonly PoolDefinition Seeding = new("seeding", new PoolRange(1, 9_000));

    private static readonly PoolDefinition Computed = new(
        "computed",
        new PoolRange(1, (1L << CodeFormat.MaximumLength) - 1),
        PoolOrder.Computed,
        new CodeFormat("01", CodeFormat.MaximumLength, "B'\"", group: 9, check: true));

    private static readonly ExtensionRequest ExtensionToStore = new("wider", 1_020_010, null, "pending", "");

    private static readonly DrawRequest[] Draws =
    [
        new("open"), new("open", 8_200), new("open", 5, "order-1", Caller: "ann"),
        new("open", 3, "Zoë ☂ \"x\",;\\", "k", "ann"), new("open", 1, Key: "k"),
        new("open", 2, Key: "K~!", Caller: "bob"), new("open", Caller: "ann"), new("open", Caller: "ann"),
        new("closed", 4, new string('r', 255), "k", "bob"), new("closed"),
        new("exhausted", 10, Key: new string('k', 255)), new("computed", 300, "c", "c"), new("computed"),
        new("wider", 9_995), new("wider", 40, Key: "border"),
    ];

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    /// <summary>Gets how many numbers are drawn.</summary>
    public static int Numbers => Draws.Sum(draw => draw.Count);

    public static int Keys => Draws.Count(draw => draw.Key is not null);

    public static async Task FillAsync(IPoolStore store)
    {
        await store.CreateAndSeedAsync(Open, Seeds.Counting, null, CancellationToken);
        await store.CreateAndSeedAsync(new("closed", new PoolRange(1, 100)), Seeds.Zero, null, CancellationToken);
        await store.CreateAndSeedAsync(new("exhausted", new PoolRange(0, 9)), Seeds.Number(1), null, CancellationToken);
        await store.CreateAndSeedAsync(new("fresh", new PoolRange(1, 8_192)), Seeds.Number(2), null, CancellationToken);
        await store.CreateAsync(Seeding, Seeds.Number(3), CancellationToken);
        await store.CreateAsync(Computed, Seeds.Number(4), CancellationToken);
        await FillExtendedAsync(store);
        foreach (var draw in Draws)
            Assert.Equal(DrawOutcomeKind.Drawn, (await store.CommitBatchAsync(draw))[0].Kind);
        await store.CloseAsync("closed", CancellationToken);

        await using var ledger = (await ((IDeliveryStore)store).TryLeaseAsync(CancellationToken))!;
        await ledger.WriteAsync("ops", "open", new Delivery(0, 100, new DeliveryAttempts(80, Time(1), Time(2))));
        await ledger.WriteAsync("ops", "closed", new Delivery(101, 100));
        await ledger.WriteAsync("Ops-2", "exhausted", new Delivery(100, 100));
    }

    /// <summary>Four segments, of which the last one is not stored.</summary>
    private static async Task FillExtendedAsync(IPoolStore store)
    {
        await store.CreateAndSeedAsync(new("wider", new PoolRange(1, 10_000)), Seeds.Number(5), null, CancellationToken);
        ExtensionRequest[] requests =
        [
            new("wider", 10_010, null, "k", "ann"), new("wider", 1_010_010, PoolOrder.Computed), ExtensionToStore,
        ];
        foreach (var (i, request) in requests.Index())
        {
            await store.SeedAsync("wider", null, CancellationToken);
            var (outcome, _, _) = await store.ExtendAsync(request, Seeds.Number(6 + i), CancellationToken);
            Assert.Equal(ExtensionOutcome.Recorded, outcome);
        }
    }

    /// <summary>Reads everything that the store shows, a line for each item.</summary>
    public static async Task<List<string>> ReadAsync(IPoolStore store)
    {
        var lines = new List<string>();
        await foreach (var pool in store.ListAllAsync(CancellationToken))
        {
            lines.Add($"{pool with { Seeded = 0 }} {pool.CreatedAt:O} {pool.ClosedAt:O} {pool.Seed}");
            foreach (var row in await store.ReadLogAsync(pool.Definition.Name, 0, 50_000, CancellationToken))
                lines.Add($"{row} {row.DrawnAt:O}");
            var numbers = new long[pool.Cursor];
            await store.ReadNumbersAsync(pool.Definition.Name, 0, numbers, CancellationToken);
            lines.Add(string.Join(' ', numbers));
        }

        await using var ledger = (await ((IDeliveryStore)store).TryLeaseAsync(CancellationToken))!;
        foreach (var webhook in (string[])["ops", "Ops-2"])
        {
            var deliveries = await ledger.ReadAsync(webhook);
            foreach (var (pool, delivery) in deliveries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                lines.Add($"{webhook} {pool} {delivery} {delivery.Attempts?.First:O} {delivery.Attempts?.Last:O}");
        }

        return lines;
    }

    /// <summary>Verifies that each key returns its draw again.</summary>
    public static async Task AssertReplaysAsync(IPoolStore store)
    {
        foreach (var draw in Draws.Where(draw => draw.Key is not null))
        {
            var outcomes = await store.CommitBatchAsync(draw, draw with { Count = draw.Count + 1 });
            Assert.Equal((true, draw.Count), (outcomes[0].IsReplayed, outcomes[0].Count));
            Assert.Equal(DrawOutcomeKind.KeyConflict, outcomes[1].Kind);
        }

        var (outcome, _, _) = await store.ExtendAsync(ExtensionToStore, Seeds.Zero, CancellationToken);
        Assert.Equal(ExtensionOutcome.Replayed, outcome);
    }

    /// <summary>Draws all numbers that are left in the open pool and the seeding one, and verifies their order.</summary>
    public static async Task AssertContinuesAsync(IPoolStore store)
    {
        Assert.Equal(DrawOutcomeKind.PoolClosed, (await store.CommitBatchAsync(new DrawRequest("closed")))[0].Kind);
        Assert.Equal(DrawOutcomeKind.Exhausted, (await store.CommitBatchAsync(new DrawRequest("exhausted")))[0].Kind);
        Assert.Equal(
            DrawOutcomeKind.PoolSeeding, (await store.CommitBatchAsync(new DrawRequest(Seeding.Name)))[0].Kind);
        await store.SeedAsync(Seeding.Name, null, CancellationToken);
        Assert.Equal(1_020_010, (await store.SeedAsync("wider", null, CancellationToken))!.Definition.Range.Maximum);
        await store.VerifyAsync(everything: true, null, CancellationToken);
        var next = (await store.FindAsync("computed", CancellationToken))!.Cursor;
        var expected = new long[7];
        new ComputedNumbers(Computed.Range, Seeds.Number(4)).CopyNumbers(next, expected);
        Assert.Equal(expected, (await store.CommitBatchAsync(new DrawRequest("computed", 7)))[0].Numbers.ToArray());
        foreach (var (pool, seed) in ((PoolDefinition, Seed)[])[(Open, Seeds.Counting), (Seeding, Seeds.Number(3))])
        {
            var first = (await store.FindAsync(pool.Name, CancellationToken))!.Cursor;
            var drawn = new List<long>();
            for (var left = pool.Range.Size - first; left > 0; left -= Math.Min(left, DrawRequest.MaximumCount))
            {
                var draw = new DrawRequest(pool.Name, (int)Math.Min(left, DrawRequest.MaximumCount));
                drawn.AddRange((await store.CommitBatchAsync(draw))[0].Numbers.Span);
            }

            using var permutation = Permutation.Shuffle(seed, pool.Range.Size, CancellationToken);
            Assert.Equal(
                permutation.Offsets[(int)first..].ToArray().Select(offset => pool.Range.NumberAt(offset)), drawn);
        }
    }

    private static DateTimeOffset Time(int seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds).AddMilliseconds(250);
}
