using UniqueRandom.Audit;
using UniqueRandom.Draws;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Tests.Contract;

/// <summary>What can be looked up afterwards: the draw log, and where a number went.</summary>
public abstract partial class PoolStoreContract
{
    [Fact] // 8
    public async Task A_row_says_who_drew_what_and_when()
    {
        await CreateAsync(Hundred);
        var at = Time.GetUtcNow();
        await CommitAsync(
        [
            new("hundred", 2, "Bestellung ü €", "k1", "ann"), new("hundred", 3, "r", null, "bob"), new("hundred", 1, null, "k2"),
            new("hundred", 4),
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
    public async Task The_log_is_read_from_any_position_even_inside_a_row_and_never_behind_the_cursor()
    {
        await CreateAsync(Hundred);
        await CommitAsync([new("hundred", 5, "a"), new("hundred", 1, "b"), new("hundred", 7, "c")]);
        int[] firsts = [0, 0, 0, 0, 0, 5, 6, 6, 6, 6, 6, 6, 6];
        for (var position = 0; position < 13; position++)
            Assert.Equal(firsts[position], await FirstRowAsync(position));
        foreach (var position in new[] { 13, 14, 99, 100, 101, int.MaxValue })
            Assert.Empty(await Store.ReadLogAsync("hundred", position, 10, Cancellation));

        async Task<long> FirstRowAsync(int position)
        {
            var rows = await Store.ReadLogAsync("hundred", position, 10, Cancellation);
            Assert.Equal(13, rows[^1].End);
            return rows[0].First;
        }
    }

    [Fact]
    public async Task At_most_as_many_rows_are_read_as_were_asked_for()
    {
        await CreateAsync(Hundred);
        await CommitAsync([.. Enumerable.Range(0, 10).Select(i => new DrawRequest("hundred", 2, $"{i}"))]);
        for (var limit = 1; limit <= 12; limit++)
        {
            var rows = await Store.ReadLogAsync("hundred", 3, limit, Cancellation);
            Assert.Equal(Enumerable.Range(1, Math.Min(limit, 9)).Select(i => $"{i}"), rows.Select(row => row.Reference));
        }
    }

    [Fact]
    public async Task The_log_of_one_pool_has_nothing_of_another()
    {
        await CreateAsync(Hundred);
        await CreateAsync(Hundred with { Name = "other" });
        await CommitAsync([new("hundred", 2, "mine"), new("other", 9, "theirs"), new("hundred", 1, "mine")]);
        Assert.Equal([(0, 2), (2, 1)], (await LogAsync("hundred")).Select(row => (row.First, row.Count)));
        Assert.Equal([(0, 9)], (await LogAsync("other")).Select(row => (row.First, row.Count)));
    }

    [Fact] // 8
    public async Task Neighbours_of_one_caller_with_neither_key_nor_reference_share_a_row_for_a_second_and_others_do_not()
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
    public async Task A_row_that_grows_is_read_as_it_stands()
    {
        await CreateAsync(Hundred);
        var at = Time.GetUtcNow();
        for (var drawn = 1; drawn <= 5; drawn++)
        {
            await DrawAsync(new DrawRequest("hundred"));
            Time.Advance(TimeSpan.FromMilliseconds(100));
            Assert.Equal([new DrawLogRow(0, drawn, at)], await LogAsync("hundred"));
            Assert.Equal([new DrawLogRow(0, drawn, at)], await Store.ReadLogAsync("hundred", drawn - 1, 10, Cancellation));
        }
    }

    [Fact] // 8
    public async Task Numbers_are_read_again_as_they_were_given_across_chunks_and_out_of_order()
    {
        await CreateAsync(new PoolDefinition("p", new PoolRange(1, 30_000)));
        var given = (await CommitAsync([new("p", 10_000), new("p", 10_000), new("p", 5000)])).SelectMany(
            outcome => outcome.Numbers.ToArray()).ToArray();
        await ReopenAsync();
        (int, int)[] runs = [(24_999, 1), (0, 25_000), (8191, 2), (8192, 8192), (16_383, 1), (0, 1), (16_384, 8616)];
        foreach (var (position, count) in runs)
        {
            var numbers = new long[count];
            await Store.ReadNumbersAsync("p", position, numbers, Cancellation);
            Assert.Equal(given.Skip(position).Take(count), numbers);
        }

        // Looking back does not disturb what comes next.
        Assert.Equal(25_000, (await DrawAsync(new DrawRequest("p", 2))).Position);
        Assert.Equal(5000 - 2, (await FindAsync("p")).Remaining);
    }

    [Fact]
    public async Task Every_drawn_number_is_found_at_its_position_and_none_else()
    {
        // More chunks than are searched at once, and a cursor in the middle of one.
        var definition = new PoolDefinition("p", new PoolRange(-50_000, 99_999));
        await CreateAsync(definition);
        var given = (await CommitAsync([.. Enumerable.Repeat(new DrawRequest("p", 10_000), 12), new("p", 77)]))
            .SelectMany(outcome => outcome.Numbers.ToArray()).ToArray();

        for (var position = 0; position < given.Length;
             position += position % 8192 is 8190 or 8191 ? 1 : Math.Min(97, 8190 - position % 8192))
            Assert.Equal(position, await Store.FindPositionAsync("p", given[position], Cancellation));
        Assert.Equal(given.Length - 1, await Store.FindPositionAsync("p", given[^1], Cancellation));

        var undrawn = Enumerable.Range(-50_000, 150_000).Select(number => (long)number).Except(given).ToArray();
        Assert.Equal(29_923, undrawn.Length);
        foreach (var number in undrawn.Where((_, i) => i % 199 == 0).Concat([-50_001, 100_000, long.MinValue, long.MaxValue]))
            Assert.Null(await Store.FindPositionAsync("p", number, Cancellation));

        var next = await DrawAsync(new DrawRequest("p"));
        Assert.Equal(next.Position, await Store.FindPositionAsync("p", next.Number, Cancellation));
    }

    [Fact]
    public async Task Numbers_are_found_at_both_ends_of_64_bits()
    {
        await CreateAsync(new PoolDefinition("low", new PoolRange(long.MinValue, long.MinValue + 2)));
        await CreateAsync(new PoolDefinition("high", new PoolRange(long.MaxValue - 2, long.MaxValue)));
        foreach (var pool in new[] { "low", "high" })
        {
            var numbers = (await DrawAsync(new DrawRequest(pool, 3))).Numbers.ToArray();
            for (var position = 0; position < 3; position++)
                Assert.Equal(position, await Store.FindPositionAsync(pool, numbers[position], Cancellation));
            Assert.Null(await Store.FindPositionAsync(pool, 0, Cancellation));
        }

        Assert.Null(await Store.FindPositionAsync("low", long.MaxValue, Cancellation));
        Assert.Null(await Store.FindPositionAsync("high", long.MinValue, Cancellation));
    }

    /// <summary>All rows of a log, which exactly cover the positions before the cursor.</summary>
    protected async Task<List<DrawLogRow>> LogAsync(string pool)
    {
        var rows = (await Store.ReadLogAsync(pool, 0, 100_000, Cancellation)).ToList();
        long end = 0;
        foreach (var row in rows)
        {
            Assert.True(row.First == end && row.Count > 0, $"A gap or an overlap at {end}: {row}.");
            end = row.End;
        }

        Assert.Equal((await FindAsync(pool)).Cursor, end);
        return rows;
    }

    /// <summary>The log covers the positions before the cursor, and <see cref="DrawLog"/> tells the same of them.</summary>
    private async Task AssertLogCoversAsync(PoolDefinition definition, int cursor)
    {
        var rows = await LogAsync(definition.Name);
        var pool = await FindAsync(definition.Name);
        Assert.Equal(cursor, pool.Cursor);
        var told = new List<DrawLogRow>();
        await foreach (var piece in DrawLog.ReadAsync(Store, pool, 0, Cancellation))
            told.Add(piece.Row);
        Assert.Equal(rows, told);
    }
}
