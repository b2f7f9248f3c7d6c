using Microsoft.Extensions.Time.Testing;
using UniqueRandom.Audit;
using UniqueRandom.Draws;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Storage.Tests.Sqlite;

namespace UniqueRandom.Storage.Tests.Audit;

/// <summary>Reads the draw log of a SQLite store.</summary>
public sealed class DrawLogTests : SqliteStoreTestBase
{
    private readonly FakeTimeProvider time;

    public DrawLogTests()
        : this(new FakeTimeProvider())
    {
    }

    private DrawLogTests(FakeTimeProvider time)
        : base(100_000, time) => this.time = time;

    [Fact]
    public async Task An_empty_log_has_no_rows()
    {
        Assert.Empty(await ReadAsync(0));
        Assert.Empty(await ReadAsync(1));
    }

    [Fact]
    public async Task A_row_of_several_draws_is_split_and_a_single_draw_is_not()
    {
        await CommitAsync([new("p", 10_000, "one draw")]);
        var at = time.GetUtcNow();
        await CommitAsync([.. Enumerable.Repeat(new DrawRequest("p", 9_000), 3)]);
        await CommitAsync([new("p", 10_000, Key: "k")]);
        Assert.Equal(
            [
                new(0, 10_000, at, "one draw"),
                new(10_000, 10_000, at), new(20_000, 10_000, at), new(30_000, 7_000, at),
                new(37_000, 10_000, at, null, "k"),
            ],
            (await ReadAsync(0)).Select(draw => draw.Row));
        Assert.Equal([10_000, 10_000, 3_500, 10_000], (await ReadAsync(13_500)).Select(draw => draw.Row.Count));
    }

    /// <summary>Covers more rows and more numbers than the log reads at once.</summary>
    [Fact]
    public async Task The_log_from_any_position_covers_exactly_the_drawn_numbers()
    {
        var expected = await DrawRandomCountsAsync(requests: 900);
        var pool = (await store.FindAsync("p", CancellationToken))!;
        Assert.Equal(expected.Count, pool.Cursor);
        var rows = await store.ReadLogAsync("p", 0, 10_000, CancellationToken);
        Assert.InRange(rows.Count, 513, 900);

        // Every position near the start and the end, and some in between.
        foreach (var position in Enumerable.Range(0, (int)pool.Cursor + 3)
            .Where(at => at < 40 || at % 997 == 0 || at > pool.Cursor - 40))
        {
            long end = position;
            foreach (var (row, numbers) in await ReadAsync(position))
            {
                Assert.Equal(end, row.First);
                Assert.Equal(row.Count, numbers.Length);
                Assert.Equal(expected.GetRange((int)row.First, (int)row.Count), numbers);
                var whole = rows.Last(whole => whole.First <= row.First);
                Assert.True(row.End <= whole.End, $"{row} extends past {whole}.");
                Assert.Equal(whole, row with { First = whole.First, Count = whole.Count });
                end = row.End;
            }

            Assert.Equal(Math.Max(position, pool.Cursor), end);
        }
    }

    [Fact]
    public async Task Reading_from_the_end_of_the_previous_read_skips_and_repeats_nothing()
    {
        var (read, random) = (new List<long>(), new Random(7));
        for (var time = 0; time < 60; time++)
        {
            await DrawRandomCountsAsync(random.Next(0, 6), random);
            foreach (var (row, numbers) in await ReadAsync(read.Count))
            {
                Assert.Equal(read.Count, row.First);
                read.AddRange(numbers);
            }
        }

        var all = new long[(await store.FindAsync("p", CancellationToken))!.Cursor];
        await store.ReadNumbersAsync("p", 0, all, CancellationToken);
        Assert.Equal(all, read);
    }

    [Fact]
    public async Task Draws_made_during_a_read_are_left_for_the_next_read()
    {
        await CommitAsync([new("p", 5, "first"), new("p", 3)]);
        var pool = (await store.FindAsync("p", CancellationToken))!;
        var rows = new List<(long, long)>();
        await foreach (var draw in DrawLog.ReadAsync(store, pool, 0, CancellationToken))
        {
            rows.Add((draw.Row.First, draw.Row.Count));
            // Extends the last row, and adds others.
            await CommitAsync([new("p", 4), new("p", 1, "later")]);
        }

        Assert.Equal([(0, 5), (5, 3)], rows);
        Assert.Equal(8, (await ReadAsync(8))[0].Row.First);
    }

    [Fact]
    public async Task A_read_can_be_canceled()
    {
        await CommitAsync([.. Enumerable.Range(0, 600).Select(i => new DrawRequest("p", 1, $"{i}"))]);
        var pool = (await store.FindAsync("p", CancellationToken))!;
        using var cancellation = new CancellationTokenSource();
        var draws = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in DrawLog.ReadAsync(store, pool, 0, cancellation.Token))
            {
                if (++draws == 3)
                    await cancellation.CancelAsync();
            }
        });
        Assert.InRange(draws, 3, 599);
    }

    [Fact]
    public async Task A_negative_position_throws() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ReadAsync(-1));

    private async Task<List<(DrawLogRow Row, long[] Numbers)>> ReadAsync(int position)
    {
        var draws = new List<(DrawLogRow, long[])>();
        var pool = (await store.FindAsync("p", CancellationToken))!;
        await foreach (var draw in DrawLog.ReadAsync(store, pool, position, CancellationToken))
            draws.Add((draw.Row, draw.Numbers.ToArray()));
        return draws;
    }

    private async Task<List<long>> DrawRandomCountsAsync(int requests, Random? random = null)
    {
        random ??= new Random(4711);
        var numbers = new List<long>();
        for (var i = 0; i < requests; i++)
        {
            var outcomes = await CommitAsync([new(
                "p",
                random.Next(200) == 0 ? random.Next(1, 10_000) : random.Next(1, 5),
                random.Next(2) == 0 ? $"order {i}" : null,
                random.Next(4) == 0 ? $"key-{Guid.NewGuid()}" : null,
                random.Next(2) == 0 ? "ann" : null)]);
            numbers.AddRange(outcomes[0].Numbers.ToArray());
            time.Advance(TimeSpan.FromMilliseconds(random.Next(400)));
        }

        return numbers;
    }

    private async Task<DrawOutcome[]> CommitAsync(DrawRequest[] requests)
    {
        var outcomes = await store.CommitBatchAsync(requests);
        Assert.All(outcomes, outcome => Assert.Equal(DrawOutcomeKind.Drawn, outcome.Kind));
        return outcomes;
    }
}
