using Microsoft.Extensions.Time.Testing;
using UniqueRandom.Audit;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Audit;

/// <summary>Logs read in pieces, over a real SQLite store.</summary>
public sealed class DrawLogTests : IAsyncLifetime
{
    private readonly TemporaryDirectory directory = new();
    private readonly FakeTimeProvider time = new();
    private readonly SqlitePoolStore store;

    public DrawLogTests() => store = new SqlitePoolStore(directory.Database, time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await store.OpenAsync(null, Cancellation);
        await store.CreateAndSeedAsync(new PoolDefinition("p", new PoolRange(1, 100_000)), Seeds.Zero, null, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task A_log_of_nothing_has_no_piece()
    {
        Assert.Empty(await ReadAsync(0));
        Assert.Empty(await ReadAsync(1));
    }

    [Fact]
    public async Task A_row_that_many_draws_share_is_told_in_pieces_and_a_draw_never_is()
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
            (await ReadAsync(0)).Select(piece => piece.Row));
        Assert.Equal([10_000, 10_000, 3_500, 10_000], (await ReadAsync(13_500)).Select(piece => piece.Row.Count));
    }

    /// <summary>More rows than are read at once, and more numbers than are held at once.</summary>
    [Fact]
    public async Task The_pieces_from_every_position_on_cover_exactly_what_is_drawn_with_the_numbers_that_were_given()
    {
        var given = await DrawSomethingAsync(requests: 900);
        var pool = (await store.FindAsync("p", Cancellation))!;
        Assert.Equal(given.Count, pool.Cursor);
        var rows = await store.ReadLogAsync("p", 0, 10_000, Cancellation);
        Assert.InRange(rows.Count, 513, 900);

        // Every position near the first rows and the last ones, and some in between.
        foreach (var position in Enumerable.Range(0, (int)pool.Cursor + 3)
            .Where(at => at < 40 || at % 997 == 0 || at > pool.Cursor - 40))
        {
            long end = position;
            foreach (var (row, numbers) in await ReadAsync(position))
            {
                Assert.Equal(end, row.First);
                Assert.Equal(row.Count, numbers.Length);
                Assert.Equal(given.GetRange((int)row.First, (int)row.Count), numbers);
                var whole = rows.Last(whole => whole.First <= row.First);
                Assert.True(row.End <= whole.End, $"{row} reaches over {whole}.");
                Assert.Equal(whole, row with { First = whole.First, Count = whole.Count });
                end = row.End;
            }

            Assert.Equal(Math.Max(position, pool.Cursor), end);
        }
    }

    [Fact]
    public async Task Whoever_reads_on_from_where_the_log_ended_misses_nothing_and_reads_nothing_twice()
    {
        var (read, random) = (new List<long>(), new Random(7));
        for (var time = 0; time < 60; time++)
        {
            await DrawSomethingAsync(random.Next(0, 6), random);
            foreach (var (row, numbers) in await ReadAsync(read.Count))
            {
                Assert.Equal(read.Count, row.First);
                read.AddRange(numbers);
            }
        }

        var all = new long[(await store.FindAsync("p", Cancellation))!.Cursor];
        await store.ReadNumbersAsync("p", 0, all, Cancellation);
        Assert.Equal(all, read);
    }

    [Fact]
    public async Task What_is_drawn_while_the_log_is_read_is_left_for_the_next_time()
    {
        await CommitAsync([new("p", 5, "first"), new("p", 3)]);
        var pool = (await store.FindAsync("p", Cancellation))!;
        var told = new List<(long, long)>();
        await foreach (var piece in DrawLog.ReadAsync(store, pool, 0, Cancellation))
        {
            told.Add((piece.Row.First, piece.Row.Count));
            // Grows the last row, and adds others.
            await CommitAsync([new("p", 4), new("p", 1, "later")]);
        }

        Assert.Equal([(0, 5), (5, 3)], told);
        Assert.Equal(8, (await ReadAsync(8))[0].Row.First);
    }

    [Fact]
    public async Task Reading_can_be_given_up()
    {
        await CommitAsync([.. Enumerable.Range(0, 600).Select(i => new DrawRequest("p", 1, $"{i}"))]);
        using var leaving = new CancellationTokenSource();
        var pieces = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in DrawLog.ReadAsync(store, (await store.FindAsync("p", Cancellation))!, 0, leaving.Token))
            {
                if (++pieces == 3)
                    await leaving.CancelAsync();
            }
        });
        Assert.InRange(pieces, 3, 599);
    }

    [Fact]
    public async Task A_position_before_the_first_is_the_callers_mistake() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ReadAsync(-1));

    private async Task<List<(DrawLogRow Row, long[] Numbers)>> ReadAsync(int position)
    {
        var pieces = new List<(DrawLogRow, long[])>();
        await foreach (var piece in DrawLog.ReadAsync(store, (await store.FindAsync("p", Cancellation))!, position, Cancellation))
            pieces.Add((piece.Row, piece.Numbers.ToArray()));
        return pieces;
    }

    private async Task<List<long>> DrawSomethingAsync(int requests, Random? random = null)
    {
        random ??= new Random(4711);
        var given = new List<long>();
        for (var i = 0; i < requests; i++)
        {
            var outcomes = await CommitAsync([new(
                "p",
                random.Next(200) == 0 ? random.Next(1, 10_000) : random.Next(1, 5),
                random.Next(2) == 0 ? $"order {i}" : null,
                random.Next(4) == 0 ? $"key-{Guid.NewGuid()}" : null,
                random.Next(2) == 0 ? "ann" : null)]);
            given.AddRange(outcomes[0].Numbers.ToArray());
            time.Advance(TimeSpan.FromMilliseconds(random.Next(400)));
        }

        return given;
    }

    private async Task<DrawOutcome[]> CommitAsync(DrawRequest[] requests)
    {
        var outcomes = new DrawOutcome[requests.Length];
        await store.CommitAsync(requests, outcomes);
        Assert.All(outcomes, outcome => Assert.Equal(DrawOutcomeKind.Drawn, outcome.Kind));
        return outcomes;
    }
}
