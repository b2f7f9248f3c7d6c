using UniqueRandom.Client.Models;
using UniqueRandom.Client.Tests.Fixtures;
using UniqueRandom.Testing.Fixtures;

namespace UniqueRandom.Client.Tests.Routes;

public sealed class RouteTests(ApiServer server) : IClassFixture<ApiServer>, IDisposable
{
    private readonly RegisteredClient registered = new(server.Address);

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    private UniqueRandomClient Client => registered.Client;

    public void Dispose() => registered.Dispose();

    [Fact]
    public async Task A_key_is_one_draw()
    {
        var pool = await server.CreatePoolAsync(100);

        var draw = await Client.DrawAsync(pool, 3, "order-4711", "a référence 😀", CancellationToken);
        var again = await Client.DrawAsync(pool, 3, "order-4711", "a référence 😀", CancellationToken);
        var other = await Client.DrawAsync(pool, 2, CancellationToken);

        Assert.Equal((pool, 0, "a référence 😀", false), (draw.Pool, draw.First, draw.Reference, draw.IsReplayed));
        Assert.Equal(3, draw.Numbers.Count);
        Assert.InRange(draw.DrawnAt, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.True(again.IsReplayed);
        Assert.Equal(draw.Numbers, again.Numbers);
        Assert.Equal((3, null, false), (other.First, other.Reference, other.IsReplayed));
        Assert.Empty(other.Numbers.Intersect(draw.Numbers));
    }

    [Fact]
    public async Task A_key_is_one_draw_of_one_number()
    {
        var number = await Client.DrawOneAsync(idempotencyKey: "invitation-17", cancellationToken: CancellationToken);
        Assert.Equal(number, await Client.DrawOneAsync(idempotencyKey: "invitation-17", cancellationToken: CancellationToken));
        Assert.NotEqual(number, await Client.DrawOneAsync(cancellationToken: CancellationToken));
    }

    [Fact]
    public async Task Numbers_of_64_bits_are_exact()
    {
        const long Smallest = long.MaxValue - 9;
        var created = await Client.CreatePoolAsync("large", Smallest, long.MaxValue, CancellationToken);
        Assert.Equal((Smallest, long.MaxValue, 10), (created.Minimum, created.Maximum, created.Size));

        var draw = await Client.DrawAsync("large", 10, CancellationToken);

        Assert.Equal(Enumerable.Range(0, 10).Select(offset => Smallest + offset), draw.Numbers.Order());
        var status = await Client.GetNumberAsync("large", long.MaxValue, CancellationToken);
        Assert.Equal(long.MaxValue, draw.Numbers[(int)status.Position!]);
    }

    [Fact]
    public async Task A_pool_is_extended_once_for_a_key()
    {
        var pool = await server.CreatePoolAsync(10);
        Assert.Null((await Client.GetPoolAsync(pool, CancellationToken)).Segments);
        var extended = await Client.ExtendPoolAsync(pool, 1_000_010, PoolOrder.Computed, "more", CancellationToken);
        var again = await Client.ExtendPoolAsync(pool, 1_000_010, PoolOrder.Computed, "more", CancellationToken);
        Assert.Equal((1_000_010, 1_000_010), (extended.Maximum, again.Maximum));
        Assert.Equal(
            [(0, 10, PoolOrder.Stored, true), (10, 1_000_000, PoolOrder.Computed, true)],
            again.Segments!.Select(segment => (segment.First, segment.Size, segment.Order, segment.IsReady)));
        Assert.Equal((again.Commitment, again.Minimum), (again.Segments![0].Commitment, again.Segments[0].Minimum));
        Assert.Equal((11, 1_000_010, 1_000_000), (
            again.Segments[1].Minimum, again.Segments[1].Maximum, again.Segments[1].Seeded));
        await Client.DrawAsync(pool, 11, CancellationToken);
        var drawn = await Client.GetPoolAsync(pool, CancellationToken);
        Assert.NotNull(drawn.Segments![0].Seed);
        Assert.Null(drawn.Segments[1].Seed);
        Assert.True(drawn.Segments[1].CreatedAt >= drawn.Segments[0].CreatedAt);

        var conflict = await Assert.ThrowsAsync<UniqueRandomException>(
            () => Client.ExtendPoolAsync(pool, 2_000_000, idempotencyKey: "more", cancellationToken: CancellationToken));
        Assert.Equal((ProblemTypes.KeyConflict, "more"), (conflict.Type, conflict.IdempotencyKey));
        await Assert.ThrowsAsync<ArgumentException>(
            () => Client.ExtendPoolAsync(pool, 2_000_000, PoolOrder.Unknown, cancellationToken: CancellationToken));
    }

    [Fact]
    public async Task A_pool_is_created_drawn_from_and_closed()
    {
        var created = await Client.CreatePoolAsync("raffle", 1, 5000, CancellationToken);
        Assert.Equal((PoolState.Open, 5000, null, null), (created.State, created.Remaining, created.Seed, created.ClosedAt));
        Assert.Equal(created.CreatedAt, (await Client.CreatePoolAsync("raffle", 1, 5000, CancellationToken)).CreatedAt);
        await Client.DrawAsync("raffle", 10, CancellationToken);
        var open = await Client.GetPoolAsync("raffle", CancellationToken);
        Assert.Equal((10, 4990), (open.Drawn, open.Remaining));
        Assert.True(open.NumbersPerSecond > open.DrawsPerSecond);
        Assert.NotNull(open.ExhaustionExpectedAt);

        var closed = await Client.ClosePoolAsync("raffle", CancellationToken);

        Assert.Equal((PoolState.Closed, 10), (closed.State, closed.Drawn));
        Assert.NotNull(closed.ClosedAt);
        Assert.Equal(64, closed.Seed!.Length);
        Assert.Equal(closed.Seed, (await Client.ClosePoolAsync("raffle", CancellationToken)).Seed);
    }

    [Fact]
    public async Task Numbers_that_are_in_use_are_imported()
    {
        var definition = new PoolDefinition { Minimum = -5, Maximum = 200_000 };
        long[] numbers = [.. Enumerable.Range(-5, 100_000).Reverse()];
        var created = await Client.CreatePoolAsync("imported", definition, numbers, CancellationToken);
        Assert.Equal((100_000, 64), (created.Imported, created.ImportedSha256!.Length));
        var again = await Client.CreatePoolAsync("imported", definition, numbers.Reverse(), CancellationToken);
        Assert.Equal((created.CreatedAt, created.ImportedSha256), (again.CreatedAt, again.ImportedSha256));
        Assert.InRange(await Client.DrawOneAsync("imported", cancellationToken: CancellationToken), 99_995, 200_000);

        var refusal = await Assert.ThrowsAsync<UniqueRandomException>(
            () => Client.CreatePoolAsync("refused", definition, [.. numbers, 7], CancellationToken));
        Assert.Equal((ProblemTypes.InvalidRequest, 100_002), (refusal.Type, refusal.Extensions["line"].GetInt64()));
        refusal = await Assert.ThrowsAsync<UniqueRandomException>(
            () => Client.CreatePoolAsync("imported", definition, CancellationToken));
        Assert.Equal(ProblemTypes.PoolExists, refusal.Type);
    }

    [Fact]
    public async Task Codes_are_created_drawn_looked_up_and_exported()
    {
        var format = new CodeFormat { Alphabet = "no-vowels", Length = 7, Prefix = "\"", Group = 3, Check = true };
        var created = await Client.CreatePoolAsync("codes", new PoolDefinition { Code = format }, CancellationToken);
        Assert.Equal((0, 1_279_999_999, PoolOrder.Computed), (created.Minimum, created.Maximum, created.Order));
        Assert.Equal(
            ("no-vowels", 7, "\"", 3, true, null),
            (created.Code!.Alphabet, created.Code.Length, created.Code.Prefix, created.Code.Group, created.Code.Check,
                created.GuessesPerHit));

        var draw = await Client.DrawAsync("codes", 2, reference: "order-4711", cancellationToken: CancellationToken);
        Assert.Equal(draw.Codes, await Client.ReadDrawLogAsync("codes", cancellationToken: CancellationToken)
            .SelectMany(line => line.Codes!.ToAsyncEnumerable()).ToListAsync(CancellationToken));
        Assert.Equal(640_000_000, (await Client.GetPoolAsync("codes", CancellationToken)).GuessesPerHit);
        var found = await Client.GetCodeAsync("codes", draw.Codes![1].ToLowerInvariant(), CancellationToken);
        Assert.Equal(
            (true, draw.Codes[1], draw.Numbers[1], "order-4711", draw.DrawnAt),
            (found.IsIssued, found.Code, found.Number, found.Reference, found.IssuedAt));
        foreach (var mistyped in (string[])[draw.Codes[1][..^1], "a/b", "%2F", "5%", "../..", "–"])
        {
            var error = await Assert.ThrowsAsync<UniqueRandomException>(
                () => Client.GetCodeAsync("codes", mistyped, CancellationToken));
            Assert.Equal(ProblemTypes.CodeMistyped, error.Type);
        }

        foreach (var path in (string[])["", ".", "..", "\ud800"])
            await Assert.ThrowsAsync<ArgumentException>(() => Client.GetCodeAsync("codes", path, CancellationToken));
        Assert.Null((await Client.DrawAsync("default", 1, CancellationToken)).Codes);
    }

    [Fact]
    public async Task Pools_are_listed_in_the_order_of_their_names()
    {
        var names = new[] { await server.CreatePoolAsync(1), await server.CreatePoolAsync(1) };
        var listed = await Client.GetPoolsAsync(CancellationToken).Select(pool => pool.Pool).ToListAsync(CancellationToken);
        Assert.Equal(listed.Order(StringComparer.Ordinal), listed);
        Assert.Subset(listed.ToHashSet(), names.ToHashSet());
    }

    [Fact]
    public async Task The_draw_log_and_a_number_show_the_draw()
    {
        var pool = await server.CreatePoolAsync(1000);
        var draw = await Client.DrawAsync(pool, 3, reference: "order-1", cancellationToken: CancellationToken);
        var next = await Client.DrawAsync(pool, 500, CancellationToken);

        var log = await Client.ReadDrawLogAsync(pool, cancellationToken: CancellationToken).ToListAsync(CancellationToken);
        var rest = await Client.ReadDrawLogAsync(pool, after: 1, CancellationToken).ToListAsync(CancellationToken);

        Assert.Equal([draw.Numbers, next.Numbers], log.Select(line => line.Numbers));
        Assert.Equal([draw.Numbers.Skip(2), next.Numbers], rest.Select(line => line.Numbers));
        Assert.Equal((0, "order-1", null, true), (log[0].First, log[0].Reference, log[0].Caller, log[0].IsKeyed));
        var found = await Client.GetNumberAsync(pool, draw.Numbers[1], CancellationToken);
        Assert.Equal((true, 1, draw.DrawnAt), (found.IsDrawn, found.Position, found.DrawnAt));
        Assert.Equal(("order-1", null, true), (found.Reference, found.Caller, found.IsKeyed));
        var missing = Enumerable.Range(1, 1000).Select(number => (long)number).Except(draw.Numbers).Except(next.Numbers).First();
        var status = await Client.GetNumberAsync(pool, missing, CancellationToken);
        Assert.Equal((missing, false, null), (status.Number, status.IsDrawn, status.Position));
    }

    [Fact]
    public async Task A_sample_has_numbers_of_the_order()
    {
        var pool = await server.CreatePoolAsync(100);
        var draw = await Client.DrawAsync(pool, 50, CancellationToken);
        var sample = await Client.GetSampleAsync(pool, 5, CancellationToken);
        Assert.Equal((pool, 50), (sample.Pool, sample.Drawn));
        Assert.Equal([0, 10, 20, 30, 40], sample.Positions);
        Assert.Equal(sample.Positions.Select(position => draw.Numbers[(int)position]), sample.Numbers);
    }

    [Fact]
    public async Task The_server_says_who_the_client_is_and_how_it_is()
    {
        var caller = await Client.GetCallerAsync(CancellationToken);
        Assert.Null(caller.Name);
        Assert.Equal(["read", "draw", "lookup", "admin"], caller.Roles);
        Assert.True(await Client.IsAliveAsync(CancellationToken));
        Assert.True(await Client.IsReadyAsync(CancellationToken));
        Assert.Contains("uniquerandom_store_ready", await Client.GetMetricsAsync(CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_describe_all_pools_and_then_what_changes()
    {
        var pool = await server.CreatePoolAsync(100);
        var events = Client.WatchPoolsAsync(CancellationToken).GetAsyncEnumerator(CancellationToken);
        await using (events)
        {
            Assert.True(await events.MoveNextAsync());
            Assert.True(events.Current.IsFirst);
            var watched = events.Current.Pools.Single(watched => watched.Status.Pool == pool);
            Assert.Equal(PoolState.Open, watched.Status.State);

            await Client.DrawAsync(pool, 7, CancellationToken);
            while (events.Current.Drawn.GetValueOrDefault(pool) != 7)
                Assert.True(await events.MoveNextAsync());
        }
    }
}
