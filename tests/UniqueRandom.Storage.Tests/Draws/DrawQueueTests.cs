using System.Collections.Concurrent;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using UniqueRandom.Draws;
using UniqueRandom.Metrics;
using UniqueRandom.Pools;
using UniqueRandom.Queueing;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Draws;

/// <summary>The queue in front of a real SQLite store.</summary>
public sealed class DrawQueueTests : IAsyncLifetime
{
    private readonly TemporaryDirectory directory = new();
    private readonly SqlitePoolStore store;
    private readonly HeldStore held;

    public DrawQueueTests()
    {
        store = new SqlitePoolStore(directory.Database, TimeProvider.System);
        held = new HeldStore(store);
    }

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
    public async Task Any_interleaving_of_callers_gets_disjoint_runs_that_cover_what_was_drawn()
    {
        var pools = 0;
        await Gen.Int[1, 40].Array[1, 40].Array[1, 31].SampleAsync(DrawAsync, iter: 50, threads: 1);

        async Task<bool> DrawAsync(int[][] callers)
        {
            var pool = $"shape-{++pools}";
            var asked = callers.Sum(counts => counts.Sum());
            await store.CreateAndSeedAsync(new PoolDefinition(pool, new PoolRange(1, asked)), Seeds.Zero, null, default);
            await using var queue = new DrawQueue(store, new DrawQueueOptions());
            var runs = new ConcurrentBag<DrawOutcome>();
            await Task.WhenAll(callers.Select(counts => Task.Run(async () =>
            {
                foreach (var count in counts)
                    runs.Add(await queue.DrawAsync(new DrawRequest(pool, count)));
            })));

            var end = 0;
            foreach (var run in runs.OrderBy(run => run.Position))
            {
                if (run.Kind != DrawOutcomeKind.Drawn || run.Position != end)
                    return false;
                end += run.Count;
            }

            return end == asked && runs.SelectMany(run => run.Numbers.ToArray()).Distinct().Count() == asked;
        }
    }

    [Fact]
    public async Task Draws_that_wait_for_the_store_share_one_transaction()
    {
        await using var queue = new DrawQueue(held, new DrawQueueOptions());
        var first = queue.DrawAsync(new DrawRequest("p"), Cancellation).AsTask();
        await held.Arrival;
        var others = Enumerable.Range(0, 100).Select(_ => queue.DrawAsync(new DrawRequest("p"), Cancellation).AsTask()).ToArray();
        held.Release();
        await first;
        await Task.WhenAll(others);
        Assert.Equal([1, 100], held.Batches);
    }

    [Fact]
    public async Task A_full_queue_answers_at_once_and_draws_nothing()
    {
        await using var queue = new DrawQueue(held, new DrawQueueOptions { Capacity = 3 });
        var inStore = queue.DrawAsync(new DrawRequest("p"), Cancellation).AsTask();
        await held.Arrival;
        var waiting = Enumerable.Range(0, 3).Select(_ => queue.DrawAsync(new DrawRequest("p"), Cancellation).AsTask()).ToArray();
        var refused = queue.DrawAsync(new DrawRequest("p"), Cancellation);
        Assert.True(refused.IsCompleted);
        Assert.Equal(DrawOutcomeKind.QueueFull, (await refused).Kind);
        held.Release();
        await inStore;
        await Task.WhenAll(waiting);
        Assert.Equal(4, (await store.FindAsync("p", Cancellation))!.Cursor);
    }

    [Fact]
    public async Task A_draw_cancelled_before_its_batch_is_taken_costs_nothing()
    {
        using var leaving = new CancellationTokenSource();
        await using var queue = new DrawQueue(held, new DrawQueueOptions());
        var inStore = queue.DrawAsync(new DrawRequest("p"), leaving.Token).AsTask();
        await held.Arrival;
        var gone = queue.DrawAsync(new DrawRequest("p"), leaving.Token).AsTask();
        var stays = queue.DrawAsync(new DrawRequest("p"), Cancellation).AsTask();
        await leaving.CancelAsync();
        held.Release();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        Assert.Equal(0, (await inStore).Position);
        Assert.Equal(1, (await stays).Position);
        Assert.Equal(2, (await store.FindAsync("p", Cancellation))!.Cursor);
    }

    [Fact]
    public async Task Disposing_answers_everybody_who_waits_and_refuses_everybody_else()
    {
        var queue = new DrawQueue(held, new DrawQueueOptions());
        var draws = Enumerable.Range(0, 50).Select(_ => queue.DrawAsync(new DrawRequest("p"), Cancellation).AsTask()).ToArray();
        var disposal = queue.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => queue.DrawAsync(new DrawRequest("p"), Cancellation).AsTask());
        Assert.False(disposal.IsCompleted);
        held.Release();
        await disposal;
        var outcomes = await Task.WhenAll(draws);
        Assert.Equal(Enumerable.Range(0, 50).Select(at => (long)at), outcomes.Select(outcome => outcome.Position).Order());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_001)]
    public async Task A_count_out_of_range_is_the_callers_mistake(int count)
    {
        await using var queue = new DrawQueue(store, new DrawQueueOptions());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => queue.DrawAsync(new DrawRequest("p", count), Cancellation).AsTask());
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("a b", null)]
    [InlineData("ä", null)]
    [InlineData(null, "")]
    [InlineData(null, "a\0")]
    [InlineData("k", "\u0085")]
    public async Task A_key_or_a_reference_that_breaks_its_rule_is_the_callers_mistake_and_draws_nothing(
        string? key, string? reference)
    {
        await using var queue = new DrawQueue(store, new DrawQueueOptions());
        await Assert.ThrowsAsync<ArgumentException>(
            () => queue.DrawAsync(new DrawRequest("p", 1, reference, key), Cancellation).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(
            () => queue.DrawAsync(new DrawRequest("p", 1, "\ud83d"), Cancellation).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(
            () => queue.DrawAsync(new DrawRequest("p", 1, null, new string('k', 256)), Cancellation).AsTask());
        Assert.Equal(0, (await store.FindAsync("p", Cancellation))!.Cursor);
    }

    [Fact]
    public async Task Draws_of_more_numbers_than_a_batch_takes_are_split_in_their_order_and_none_is_lost()
    {
        await using var queue = new DrawQueue(held, new DrawQueueOptions());
        await store.CreateAndSeedAsync(new PoolDefinition("large", new PoolRange(1, 3_000_000)), Seeds.Zero, null, Cancellation);
        var first = queue.DrawAsync(new DrawRequest("large"), Cancellation).AsTask();
        await held.Arrival;

        // 100 × 10,000 are exactly a batch; the one number behind them belongs to the next.
        int[] counts = [.. Enumerable.Repeat(10_000, 100), 1, .. Enumerable.Repeat(9_999, 100), 150, 10_000, 3];
        var draws = counts.Select(count => queue.DrawAsync(new DrawRequest("large", count), Cancellation).AsTask()).ToArray();
        held.Release();

        var position = 1;
        foreach (var (count, outcome) in counts.Zip(await Task.WhenAll(draws)))
        {
            Assert.Equal((DrawOutcomeKind.Drawn, position, count), (outcome.Kind, outcome.Position, outcome.Count));
            position += count;
        }

        Assert.Equal(0, (await first).Position);
        // 1 + 100 × 9,999 is 99 short of a million, which the next 150 do not fit in.
        Assert.Equal([1, 100, 101, 3], held.Batches);
        Assert.Equal(position, (await store.FindAsync("large", Cancellation))!.Cursor);
    }

    [Fact]
    public async Task Those_who_leave_while_a_batch_is_split_cost_nothing_and_those_who_stay_keep_their_order()
    {
        using var leaving = new CancellationTokenSource();
        await using var queue = new DrawQueue(held, new DrawQueueOptions());
        await store.CreateAndSeedAsync(new PoolDefinition("large", new PoolRange(1, 3_000_000)), Seeds.Zero, null, Cancellation);
        var first = queue.DrawAsync(new DrawRequest("large"), Cancellation).AsTask();
        await held.Arrival;
        var draws = Enumerable.Range(0, 300)
            .Select(
                i =>
                    queue.DrawAsync(
                        new DrawRequest("large", 10_000), i % 2 == 0 ? leaving.Token : Cancellation).AsTask()).ToArray();
        await leaving.CancelAsync();
        held.Release();
        await first;

        for (var i = 0; i < draws.Length; i++)
        {
            if (i % 2 == 0)
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => draws[i]);
            else
                Assert.Equal(1 + i / 2 * 10_000, (await draws[i]).Position);
        }

        Assert.Equal(1_500_001, (await store.FindAsync("large", Cancellation))!.Cursor);
    }

    [Fact]
    public async Task Only_what_was_drawn_is_counted_and_only_once()
    {
        var time = new FakeTimeProvider();
        using var activity = new DrawActivity(time);
        await using var stepped = new SqlitePoolStore(directory.File("stepped.db"), time);
        await stepped.OpenAsync(null, Cancellation);
        await stepped.CreateAndSeedAsync(new PoolDefinition("p", new PoolRange(1, 10)), Seeds.Zero, null, Cancellation);
        var levels = new List<int>();
        activity.FillLevelReached += level => levels.Add(level.Percent);
        await using var queue = new DrawQueue(stepped, new DrawQueueOptions(), activity);

        for (var i = 0; i < 3; i++)
            await queue.DrawAsync(new DrawRequest("p", 8, Key: "k"), Cancellation);
        await queue.DrawAsync(new DrawRequest("p", 9, Key: "k"), Cancellation);
        await queue.DrawAsync(new DrawRequest("p", 3), Cancellation);
        Assert.Equal(new DrawPace(1 / 60.0, 8 / 60.0), activity.PaceOf("p"));
        Assert.Equal([80], levels);
    }

    [Fact]
    public async Task Retries_at_the_same_time_are_one_draw()
    {
        await using var queue = new DrawQueue(store, new DrawQueueOptions());
        var keys = Enumerable.Range(0, 200).SelectMany(key => Enumerable.Repeat(key, 5)).ToArray();
        Random.Shared.Shuffle(keys);
        var answers = new ConcurrentBag<(int Key, DrawOutcome Outcome)>();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(client => Task.Run(async () =>
        {
            for (var i = client; i < keys.Length; i += 20)
            {
                var outcome = await queue.DrawAsync(
                    new DrawRequest("p", 1 + keys[i] % 3, Key: $"{keys[i]}", Caller: keys[i] % 2 == 0 ? "ann" : null),
                    Cancellation);
                answers.Add((keys[i], outcome));
                if (i % 7 == 0)
                    await queue.DrawAsync(new DrawRequest("none"), Cancellation);
            }
        })));

        foreach (var key in answers.GroupBy(answer => answer.Key))
        {
            Assert.Equal(5, key.Count());
            Assert.Single(key, answer => !answer.Outcome.IsReplayed);
            Assert.Single(
                key.Select(
                    answer => (answer.Outcome.Position, answer.Outcome.Count, string.Join(' ', answer.Outcome.Numbers.ToArray())))
                .Distinct());
        }

        var numbers = answers.Where(answer => !answer.Outcome.IsReplayed).SelectMany(answer => answer.Outcome.Numbers.ToArray())
            .ToArray();
        Assert.Equal(numbers.Length, numbers.Distinct().Count());
        Assert.Equal(Enumerable.Range(0, 200).Sum(key => 1 + key % 3), (await store.FindAsync("p", Cancellation))!.Cursor);
    }
}
