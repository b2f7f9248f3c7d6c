using UniqueRandom.Audit;
using UniqueRandom.Draws;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Tests.Contract;

/// <summary>Reading the draw log, and finding drawn numbers.</summary>
public abstract partial class PoolStoreContract
{
    [Fact] // 8
    public async Task A_row_records_reference_key_caller_and_time()
    {
        await CreateAsync(Hundred);
        var at = Time.GetUtcNow();
        await CommitAsync(
        [
            new("hundred", 2, "Bestellung ü €", "k1", "ann"), new("hundred", 3, "r", null, "bob"),
            new("hundred", 1, null, "k2"), new("hundred", 4),
        ]);
        await ReopenAsync();
        Assert.Equal(
            [
                new DrawLogRow(0, 2, at, "Bestellung ü €", "k1", "ann"),
                new DrawLogRow(2, 3, at, "r", null, "bob"),
                new DrawLogRow(5, 1, at, null, "k2"),
                new DrawLogRow(6, 4, at),
            ],
            await LogAsync("hundred"));
    }

    [Fact] // 8
    public async Task The_log_can_be_read_from_any_position_and_ends_at_the_cursor()
    {
        await CreateAsync(Hundred);
        await CommitAsync([new("hundred", 5, "a"), new("hundred", 1, "b"), new("hundred", 7, "c")]);
        int[] firsts = [0, 0, 0, 0, 0, 5, 6, 6, 6, 6, 6, 6, 6];
        for (var position = 0; position < 13; position++)
            Assert.Equal(firsts[position], await FirstRowAsync(position));
        foreach (var position in new[] { 13, 14, 99, 100, 101, int.MaxValue })
            Assert.Empty(await Store.ReadLogAsync("hundred", position, 10, CancellationToken));

        async Task<long> FirstRowAsync(int position)
        {
            var rows = await Store.ReadLogAsync("hundred", position, 10, CancellationToken);
            Assert.Equal(13, rows[^1].End);
            return rows[0].First;
        }
    }

    [Fact]
    public async Task A_read_returns_at_most_limit_rows()
    {
        await CreateAsync(Hundred);
        await CommitAsync([.. Enumerable.Range(0, 10).Select(i => new DrawRequest("hundred", 2, $"{i}"))]);
        for (var limit = 1; limit <= 12; limit++)
        {
            var rows = await Store.ReadLogAsync("hundred", 3, limit, CancellationToken);
            Assert.Equal(Enumerable.Range(1, Math.Min(limit, 9)).Select(i => $"{i}"), rows.Select(row => row.Reference));
        }
    }

    [Fact]
    public async Task The_log_of_a_pool_contains_only_its_own_draws()
    {
        await CreateAsync(Hundred);
        await CreateAsync(Hundred with { Name = "other" });
        await CommitAsync([new("hundred", 2, "mine"), new("other", 9, "theirs"), new("hundred", 1, "mine")]);
        Assert.Equal([(0, 2), (2, 1)], (await LogAsync("hundred")).Select(row => (row.First, row.Count)));
        Assert.Equal([(0, 9)], (await LogAsync("other")).Select(row => (row.First, row.Count)));
    }

    [Fact] // 8
    public async Task Only_draws_of_one_caller_without_key_and_reference_share_a_row_for_a_second()
    {
        await CreateAsync(Hundred);
        await CommitAsync([new("hundred"), new("hundred", 2)]);
        Time.Advance(TimeSpan.FromMilliseconds(999));
        await CommitAsync(
        [
            new("hundred"), new("hundred", 1, null, null, "ann"), new("hundred", 2, null, null, "ann"),
            new("hundred", 1, null, null, "bob"),
        ]);
        await CommitAsync(
            [new("hundred", 1, null, null, "bob"), new("hundred", 1, null, "k", "bob"), new("hundred", 1, null, null, "bob")]);
        await CommitAsync(
            [new("hundred", 1, null, null, "bob"), new("hundred", 1, "r", null, "bob"), new("hundred", 1, "r", null, "bob")]);
        Time.Advance(TimeSpan.FromSeconds(1));
        await CommitAsync([new("hundred", 3)]);
        Assert.Equal(
            [(0, 4, null), (4, 3, "ann"), (7, 2, "bob"), (9, 1, "bob"), (10, 2, "bob"),
             (12, 1, "bob"), (13, 1, "bob"), (14, 3, null)],
            (await LogAsync("hundred")).Select(row => (row.First, row.Count, row.Caller)));
    }

    [Fact] // 8
    public async Task A_growing_row_is_read_in_its_current_state()
    {
        await CreateAsync(Hundred);
        var at = Time.GetUtcNow();
        for (var drawn = 1; drawn <= 5; drawn++)
        {
            await DrawAsync(new DrawRequest("hundred"));
            Time.Advance(TimeSpan.FromMilliseconds(100));
            Assert.Equal([new DrawLogRow(0, drawn, at)], await LogAsync("hundred"));
            Assert.Equal([new DrawLogRow(0, drawn, at)], await Store.ReadLogAsync("hundred", drawn - 1, 10, CancellationToken));
        }
    }

    [Fact] // 8
    public async Task Drawn_numbers_can_be_read_across_chunks_and_in_any_order()
    {
        await CreateAsync(new PoolDefinition("p", new PoolRange(1, 30_000)));
        var drawn = (await CommitAsync([new("p", 10_000), new("p", 10_000), new("p", 5000)])).SelectMany(
            outcome => outcome.Numbers.ToArray()).ToArray();
        await ReopenAsync();
        (int, int)[] runs = [(24_999, 1), (0, 25_000), (8191, 2), (8192, 8192), (16_383, 1), (0, 1), (16_384, 8616)];
        foreach (var (position, count) in runs)
        {
            var numbers = new long[count];
            await Store.ReadNumbersAsync("p", position, numbers, CancellationToken);
            Assert.Equal(drawn.Skip(position).Take(count), numbers);
        }

        // Reading drawn numbers does not affect later draws.
        Assert.Equal(25_000, (await DrawAsync(new DrawRequest("p", 2))).Position);
        Assert.Equal(5000 - 2, (await FindAsync("p")).Remaining);
    }

    [Fact] // 13
    public async Task Some_drawn_numbers_can_be_read_at_once_and_no_others()
    {
        await CreateAsync(new PoolDefinition("p", new PoolRange(-5, 899_994)));
        var drawn = (await CommitAsync([.. Enumerable.Repeat(new DrawRequest("p", 10_000), 81)])).SelectMany(
            outcome => outcome.Numbers.ToArray()).ToArray();
        // More chunks than are read at once, some of them twice, and both ends.
        long[] positions = [0, 1, 8191, 8192, .. Enumerable.Range(2, 88).Select(i => i * 9000L - 1), 809_999];
        var numbers = new long[positions.Length];

        await Store.SampleAsync("p", positions, numbers, CancellationToken);

        Assert.Equal(positions.Select(position => drawn[position]), numbers);
        await Store.SampleAsync("p", ReadOnlyMemory<long>.Empty, Memory<long>.Empty, CancellationToken);
        foreach (var position in (long[])[-1, 810_000, 900_000, long.MaxValue])
        {
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
                () => Store.SampleAsync("p", new[] { position }, new long[1], CancellationToken).AsTask());
        }
    }

    [Fact]
    public async Task Every_drawn_number_is_found_at_its_position_and_no_other_number_is_found()
    {
        // More chunks than are searched at once, and a cursor in the middle of one.
        var definition = new PoolDefinition("p", new PoolRange(-50_000, 99_999));
        await CreateAsync(definition);
        var drawn = (await CommitAsync([.. Enumerable.Repeat(new DrawRequest("p", 10_000), 12), new("p", 77)]))
            .SelectMany(outcome => outcome.Numbers.ToArray()).ToArray();

        for (var position = 0; position < drawn.Length;
             position += position % 8192 is 8190 or 8191 ? 1 : Math.Min(97, 8190 - position % 8192))
            Assert.Equal(position, await Store.FindPositionAsync("p", drawn[position], CancellationToken));
        Assert.Equal(drawn.Length - 1, await Store.FindPositionAsync("p", drawn[^1], CancellationToken));

        var undrawn = Enumerable.Range(-50_000, 150_000).Select(number => (long)number).Except(drawn).ToArray();
        Assert.Equal(29_923, undrawn.Length);
        foreach (var number in undrawn.Where((_, i) => i % 199 == 0).Concat([-50_001, 100_000, long.MinValue, long.MaxValue]))
            Assert.Null(await Store.FindPositionAsync("p", number, CancellationToken));

        var next = await DrawAsync(new DrawRequest("p"));
        Assert.Equal(next.Position, await Store.FindPositionAsync("p", next.Number, CancellationToken));
    }

    [Fact]
    public async Task Numbers_at_the_limits_of_Int64_are_found()
    {
        await CreateAsync(new PoolDefinition("low", new PoolRange(long.MinValue, long.MinValue + 2)));
        await CreateAsync(new PoolDefinition("high", new PoolRange(long.MaxValue - 2, long.MaxValue)));
        foreach (var pool in new[] { "low", "high" })
        {
            var numbers = (await DrawAsync(new DrawRequest(pool, 3))).Numbers.ToArray();
            for (var position = 0; position < 3; position++)
                Assert.Equal(position, await Store.FindPositionAsync(pool, numbers[position], CancellationToken));
            Assert.Null(await Store.FindPositionAsync(pool, 0, CancellationToken));
        }

        Assert.Null(await Store.FindPositionAsync("low", long.MaxValue, CancellationToken));
        Assert.Null(await Store.FindPositionAsync("high", long.MinValue, CancellationToken));
    }

    /// <summary>Reads the whole log, and verifies that its rows exactly cover the positions before the cursor.</summary>
    protected async Task<List<DrawLogRow>> LogAsync(string pool)
    {
        var rows = (await Store.ReadLogAsync(pool, 0, 100_000, CancellationToken)).ToList();
        long end = 0;
        foreach (var row in rows)
        {
            Assert.True(row.First == end && row.Count > 0, $"A gap or an overlap at {end}: {row}.");
            end = row.End;
        }

        Assert.Equal((await FindAsync(pool)).Cursor, end);
        return rows;
    }

    /// <summary>
    /// Verifies that the log covers the positions before the cursor, and that <see cref="DrawLog"/> reads the same rows.
    /// </summary>
    private async Task AssertLogCoversAsync(PoolDefinition definition, int cursor)
    {
        var rows = await LogAsync(definition.Name);
        var pool = await FindAsync(definition.Name);
        Assert.Equal(cursor, pool.Cursor);
        var read = new List<DrawLogRow>();
        await foreach (var draw in DrawLog.ReadAsync(Store, pool, 0, CancellationToken))
            read.Add(draw.Row);
        Assert.Equal(rows, read);
    }
}
