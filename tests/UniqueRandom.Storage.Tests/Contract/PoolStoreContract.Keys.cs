using UniqueRandom.Draws;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Tests.Contract;

/// <summary>A key identifies one draw: item 11.</summary>
public abstract partial class PoolStoreContract
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5000)]
    [InlineData(10_000)]
    public async Task A_key_returns_the_same_numbers_in_every_later_state_of_the_pool(int count)
    {
        await CreateAsync(new PoolDefinition("p", new PoolRange(1, 20_000)));
        // The keyed draw starts at the last number of a chunk.
        await DrawAsync(new DrawRequest("p", 8191));
        var request = new DrawRequest("p", count, "order-1", "k", "ann");
        Time.Advance(TimeSpan.FromMilliseconds(77));
        var first = await DrawAsync(request);
        Assert.Equal((DrawOutcomeKind.Drawn, false, 8191, count), (first.Kind, first.IsReplayed, first.Position, first.Count));

        await AssertReplayedAsync("in a later batch");
        await ReopenAsync();
        await AssertReplayedAsync("after a restart");
        while ((await FindAsync("p")).Remaining is > 0 and var left)
            await DrawAsync(new DrawRequest("p", (int)Math.Min(left, DrawRequest.MaximumCount)));
        await AssertReplayedAsync("when the pool is exhausted");
        await Store.CloseAsync("p", CancellationToken);
        await AssertReplayedAsync("when the pool is closed");
        await ReopenAsync();
        await AssertReplayedAsync("after a restart with the pool closed");

        async Task AssertReplayedAsync(string when)
        {
            Time.Advance(TimeSpan.FromSeconds(5));
            var cursor = (await FindAsync("p")).Cursor;
            AssertReplayed(first, await DrawAsync(request), when);
            Assert.Equal(cursor, (await FindAsync("p")).Cursor);
        }
    }

    [Fact]
    public async Task Retries_in_the_batch_of_their_first_draw_return_its_numbers()
    {
        await CreateAsync(Hundred);
        var one = new DrawRequest("hundred", 1, null, "one", null);
        var many = new DrawRequest("hundred", 5, "r", "many", "ann");
        var outcomes = await CommitAsync([one, many, new("hundred", 3), many, one, new("hundred", 2), one]);
        Assert.Equal([0, 1, 6, 1, 0, 9, 0], outcomes.Select(outcome => outcome.Position));
        Assert.Equal([false, false, false, true, true, false, true], outcomes.Select(outcome => outcome.IsReplayed));
        AssertReplayed(outcomes[0], outcomes[4], "one in the same batch");
        AssertReplayed(outcomes[0], outcomes[6], "one in the same batch, again");
        AssertReplayed(outcomes[1], outcomes[3], "many in the same batch");
        Assert.Equal(11, (await FindAsync("hundred")).Cursor);
        AssertReplayed(outcomes[1], (await CommitAsync([new("hundred"), many]))[1], "many, in another batch after a new draw");
    }

    public static TheoryData<DrawRequest> OtherRequests => new(
        new DrawRequest("other", 2, "r", "k", "ann"),
        new DrawRequest("none", 2, "r", "k", "ann"),
        new DrawRequest("hundred", 3, "r", "k", "ann"),
        new DrawRequest("hundred", 1, "r", "k", "ann"),
        new DrawRequest("hundred", 2, "R", "k", "ann"),
        new DrawRequest("hundred", 2, null, "k", "ann"));

    [Theory]
    [MemberData(nameof(OtherRequests))]
    public async Task A_key_with_a_different_request_conflicts_and_takes_nothing(DrawRequest other)
    {
        await CreateAsync(Hundred);
        await CreateAsync(Hundred with { Name = "other" });
        var request = new DrawRequest("hundred", 2, "r", "k", "ann");
        var outcomes = await CommitAsync([request, other, request]);
        Assert.Equal(
            [DrawOutcomeKind.Drawn, DrawOutcomeKind.KeyConflict, DrawOutcomeKind.Drawn],
            outcomes.Select(outcome => outcome.Kind));
        Assert.Equal(DrawOutcomeKind.KeyConflict, (await DrawAsync(other)).Kind);
        await ReopenAsync();
        Assert.Equal(DrawOutcomeKind.KeyConflict, (await DrawAsync(other)).Kind);
        AssertReplayed(outcomes[0], await DrawAsync(request), "after the conflicts");
        Assert.Equal((2, 0), ((await FindAsync("hundred")).Cursor, (await FindAsync("other")).Cursor));
    }

    [Fact]
    public async Task A_retry_that_adds_a_reference_conflicts()
    {
        await CreateAsync(Hundred);
        await DrawAsync(new DrawRequest("hundred", Key: "k"));
        Assert.Equal(DrawOutcomeKind.KeyConflict, (await DrawAsync(new DrawRequest("hundred", Reference: "r", Key: "k"))).Kind);
    }

    [Fact]
    public async Task The_same_key_of_several_callers_is_a_separate_draw_for_each()
    {
        await CreateAsync(Hundred);
        DrawRequest[] requests =
            [.. new[] { null, "ann", "Ann", "bob", "änn" }.Select(caller => new DrawRequest("hundred", 2, "r", "k", caller))];
        var first = await CommitAsync(requests);
        Assert.Equal([0, 2, 4, 6, 8], first.Select(outcome => outcome.Position));
        Assert.DoesNotContain(first, outcome => outcome.IsReplayed);
        await ReopenAsync();
        foreach (var (before, again) in first.Zip(await CommitAsync(requests)))
            AssertReplayed(before, again, "by its own caller");
    }

    [Fact]
    public async Task An_empty_caller_is_the_same_as_no_caller()
    {
        await CreateAsync(Hundred);
        var (none, empty) = (new DrawRequest("hundred", 2, Key: "k"), new DrawRequest("hundred", 2, Key: "k", Caller: ""));
        var outcomes = await CommitAsync([none, empty]);
        AssertReplayed(outcomes[0], outcomes[1], "in the same batch");
        AssertReplayed(outcomes[0], await DrawAsync(empty), "in a later batch");
        await CommitAsync([new("hundred"), new("hundred", Caller: ""), new("hundred")]);
        Assert.Equal([(0, 2, null), (2, 3, null)], (await LogAsync("hundred")).Select(row => (row.First, row.Count, row.Caller)));
    }

    [Fact]
    public async Task Keys_are_distinguished_by_every_character()
    {
        await CreateAsync(Hundred);
        string[] keys =
            ["k", "K", "k%", "k_", "k'", "\"k\"", "k\\", "1", "01", new('!', 255), new('~', 255), new string('~', 254) + "!"];
        DrawRequest[] requests = [.. keys.Select(key => new DrawRequest("hundred", Key: key))];
        Assert.Equal(
            Enumerable.Range(0, keys.Length).Select(at => (long)at),
            (await CommitAsync(requests)).Select(outcome => outcome.Position));
        var again = await CommitAsync(requests);
        Assert.Equal(Enumerable.Range(0, keys.Length).Select(at => (long)at), again.Select(outcome => outcome.Position));
        Assert.All(again, outcome => Assert.True(outcome.IsReplayed));
    }

    [Fact]
    public async Task A_draw_that_took_nothing_leaves_its_key_unused()
    {
        var ten = new PoolDefinition("ten", new PoolRange(1, 10));
        await CreateAsync(Hundred);
        await CreateAsync(ten);
        await CreateAsync(ten with { Name = "ended" });
        await Store.CloseAsync("ended", CancellationToken);

        var inOneBatch = await CommitAsync(
            [new("ten", 11, Key: "a"), new("ten", 4, Key: "a"), new("ended", Key: "b"), new("none", Key: "b"),
             new("ten", 2, Key: "b"), new("ten", 11, Key: "c")]);
        Assert.Equal(
            [DrawOutcomeKind.Exhausted, DrawOutcomeKind.Drawn, DrawOutcomeKind.PoolClosed, DrawOutcomeKind.PoolNotFound,
             DrawOutcomeKind.Drawn, DrawOutcomeKind.Exhausted],
            inOneBatch.Select(outcome => outcome.Kind));
        var later = await DrawAsync(new DrawRequest("hundred", 11, Key: "c"));
        Assert.Equal((DrawOutcomeKind.Drawn, false), (later.Kind, later.IsReplayed));
        Assert.Equal((6, 11), ((await FindAsync("ten")).Cursor, (await FindAsync("hundred")).Cursor));
    }

    [Fact]
    public async Task A_batch_of_only_replays_and_conflicts_changes_nothing()
    {
        await CreateAsync(Hundred);
        var first = await DrawAsync(new DrawRequest("hundred", 3, Key: "k"));
        var log = await LogAsync("hundred");
        var outcomes = await CommitAsync([new("hundred", 3, Key: "k"), new("hundred", 4, Key: "k"), new("hundred", 3, Key: "k")]);
        AssertReplayed(first, outcomes[0], "first");
        Assert.Equal(DrawOutcomeKind.KeyConflict, outcomes[1].Kind);
        AssertReplayed(first, outcomes[2], "last");
        Assert.Equal(log, await LogAsync("hundred"));
    }

    /// <summary>Compares random draws with a list of the numbers that were drawn.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task In_random_draws_each_key_returns_its_first_numbers_and_no_other_draw_does(int run)
    {
        var random = new Random(run);
        PoolDefinition[] pools = [new("a", new PoolRange(1, 9000)), new("b", new PoolRange(-700, 0))];
        foreach (var pool in pools)
            await CreateAsync(pool);
        var cursors = pools.ToDictionary(pool => pool.Name, _ => 0);
        var known = new Dictionary<(string?, string), (DrawRequest Request, DrawOutcome Outcome)>();
        var drawn = new List<(string, long)>();

        for (var batch = 0; batch < 150; batch++)
        {
            DrawRequest[] requests = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => RandomRequest(random))];
            foreach (var (request, outcome) in requests.Zip(await CommitAsync(requests)))
                Check(request, outcome);
            Time.Advance(TimeSpan.FromMilliseconds(random.Next(600)));
            if (random.Next(20) == 0)
                await ReopenAsync();
        }

        Assert.Equal(drawn.Count, drawn.Distinct().Count());
        Assert.Contains(pools, pool => cursors[pool.Name] > pool.Range.Size - 30);
        foreach (var pool in pools)
            await AssertLogCoversAsync(pool, cursors[pool.Name]);

        void Check(DrawRequest request, DrawOutcome outcome)
        {
            if (request.Key is not null && known.TryGetValue((request.Caller, request.Key), out var first))
            {
                if (request.IsSameDraw(first.Request))
                    AssertReplayed(first.Outcome, outcome, $"{request}");
                else
                    Assert.Equal(DrawOutcomeKind.KeyConflict, outcome.Kind);
                return;
            }

            var fits = cursors[request.Pool] + request.Count <= pools.Single(pool => pool.Name == request.Pool).Range.Size;
            Assert.Equal(
                (fits ? DrawOutcomeKind.Drawn : DrawOutcomeKind.Exhausted, cursors[request.Pool], false),
                (outcome.Kind, outcome.Position, outcome.IsReplayed));
            if (!fits)
                return;
            cursors[request.Pool] += request.Count;
            drawn.AddRange(outcome.Numbers.ToArray().Select(number => (request.Pool, number)));
            if (request.Key is not null)
                known.Add((request.Caller, request.Key), (request, outcome));
        }
    }

    private static DrawRequest RandomRequest(Random random) => new(
        random.Next(8) == 0 ? "b" : "a",
        random.Next(6) == 0 ? random.Next(1, 60) : random.Next(1, 4),
        random.Next(3) == 0 ? $"r{random.Next(3)}" : null,
        random.Next(2) == 0 ? $"k{random.Next(100)}" : null,
        random.Next(3) switch { 0 => "ann", 1 => "bob", _ => null });

    private static void AssertReplayed(in DrawOutcome first, in DrawOutcome again, string when)
    {
        Assert.True(again.Kind == DrawOutcomeKind.Drawn && again.IsReplayed, $"Not replayed {when}: {again}.");
        Assert.Equal(
            (first.Pool, first.Position, first.Count, first.Number, first.DrawnAt, first.Remaining),
            (again.Pool, again.Position, again.Count, again.Number, again.DrawnAt, again.Remaining));
        Assert.Equal(first.Numbers.ToArray(), again.Numbers.ToArray());
    }
}
