using System.Collections.Concurrent;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using UniqueRandom.Draws;
using UniqueRandom.Metrics;
using UniqueRandom.Pools;
using UniqueRandom.Queueing;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Draws;

/// <summary>A queue on a SQLite store.</summary>
public sealed class DrawQueueTests() : DrawQueueTestBase(100_000)
{
    [Fact]
    public async Task Concurrent_callers_get_disjoint_runs_without_gaps()
    {
        var pools = 0;
        await Gen.Int[1, 40].Array[1, 40].Array[1, 31].SampleAsync(DrawAsync, iter: 50, threads: 1);

        async Task<bool> DrawAsync(int[][] callers)
        {
            var pool = $"pool-{++pools}";
            var requested = callers.Sum(counts => counts.Sum());
            await CreateAsync(pool, requested);
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

            return end == requested && runs.SelectMany(run => run.Numbers.ToArray()).Distinct().Count() == requested;
        }
    }

    [Fact]
    public async Task Waiting_draws_share_one_batch()
    {
        await using var queue = new DrawQueue(controlled, new DrawQueueOptions());
        var first = queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask();
        await controlled.CommitStarted;
        var others = Enumerable.Range(0, 100).Select(
            _ => queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask()).ToArray();
        controlled.Release();
        await first;
        await Task.WhenAll(others);
        Assert.Equal([1, 100], controlled.Batches);
    }

    [Fact]
    public async Task A_full_queue_refuses_a_draw_at_once()
    {
        await using var queue = new DrawQueue(controlled, new DrawQueueOptions { Capacity = 3 });
        var committing = queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask();
        await controlled.CommitStarted;
        var waiting = Enumerable.Range(0, 3).Select(
            _ => queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask()).ToArray();
        var refused = queue.DrawAsync(new DrawRequest("p"), CancellationToken);
        Assert.True(refused.IsCompleted);
        Assert.Equal(DrawOutcomeKind.QueueFull, (await refused).Kind);
        controlled.Release();
        await committing;
        await Task.WhenAll(waiting);
        Assert.Equal(4, (await store.FindAsync("p", CancellationToken))!.Cursor);
    }

    [Fact]
    public async Task A_draw_canceled_before_its_batch_starts_takes_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        await using var queue = new DrawQueue(controlled, new DrawQueueOptions());
        var committing = queue.DrawAsync(new DrawRequest("p"), cancellation.Token).AsTask();
        await controlled.CommitStarted;
        var canceled = queue.DrawAsync(new DrawRequest("p"), cancellation.Token).AsTask();
        var next = queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask();
        await cancellation.CancelAsync();
        controlled.Release();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled);
        Assert.Equal(0, (await committing).Position);
        Assert.Equal(1, (await next).Position);
        Assert.Equal(2, (await store.FindAsync("p", CancellationToken))!.Cursor);
    }

    [Fact]
    public async Task Disposal_completes_waiting_draws_and_refuses_new_ones()
    {
        var queue = new DrawQueue(controlled, new DrawQueueOptions());
        var draws = Enumerable.Range(0, 50).Select(
            _ => queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask()).ToArray();
        var disposal = queue.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask());
        Assert.False(disposal.IsCompleted);
        controlled.Release();
        await disposal;
        var outcomes = await Task.WhenAll(draws);
        Assert.Equal(Enumerable.Range(0, 50).Select(at => (long)at), outcomes.Select(outcome => outcome.Position).Order());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_001)]
    public async Task A_count_out_of_range_throws(int count)
    {
        await using var queue = new DrawQueue(store, new DrawQueueOptions());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => queue.DrawAsync(new DrawRequest("p", count), CancellationToken).AsTask());
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("a b", null)]
    [InlineData("ä", null)]
    [InlineData(null, "")]
    [InlineData(null, "a\0")]
    [InlineData("k", "\u0085")]
    public async Task An_invalid_key_or_reference_throws_and_draws_nothing(
        string? key, string? reference)
    {
        await using var queue = new DrawQueue(store, new DrawQueueOptions());
        await Assert.ThrowsAsync<ArgumentException>(
            () => queue.DrawAsync(new DrawRequest("p", 1, reference, key), CancellationToken).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(
            () => queue.DrawAsync(new DrawRequest("p", 1, "\ud83d"), CancellationToken).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(
            () => queue.DrawAsync(new DrawRequest("p", 1, null, new string('k', 256)), CancellationToken).AsTask());
        Assert.Equal(0, (await store.FindAsync("p", CancellationToken))!.Cursor);
    }

    [Fact]
    public async Task Draws_that_exceed_the_batch_limit_are_split_in_order()
    {
        await using var queue = new DrawQueue(controlled, new DrawQueueOptions());
        await CreateAsync("large", 3_000_000);
        var first = queue.DrawAsync(new DrawRequest("large"), CancellationToken).AsTask();
        await controlled.CommitStarted;

        // 100 × 10,000 numbers fill a batch exactly, so the next batch starts with the draw of 1.
        int[] counts = [.. Enumerable.Repeat(10_000, 100), 1, .. Enumerable.Repeat(9_999, 100), 150, 10_000, 3];
        var draws = counts.Select(
            count => queue.DrawAsync(new DrawRequest("large", count), CancellationToken).AsTask()).ToArray();
        controlled.Release();

        var position = 1;
        foreach (var (count, outcome) in counts.Zip(await Task.WhenAll(draws)))
        {
            Assert.Equal((DrawOutcomeKind.Drawn, position, count), (outcome.Kind, outcome.Position, outcome.Count));
            position += count;
        }

        Assert.Equal(0, (await first).Position);
        // 1 + 100 × 9,999 numbers leave room for 99, so the draw of 150 starts the next batch.
        Assert.Equal([1, 100, 101, 3], controlled.Batches);
        Assert.Equal(position, (await store.FindAsync("large", CancellationToken))!.Cursor);
    }

    [Fact]
    public async Task Draws_canceled_while_a_batch_is_split_take_nothing_and_the_others_keep_their_order()
    {
        using var cancellation = new CancellationTokenSource();
        await using var queue = new DrawQueue(controlled, new DrawQueueOptions());
        await CreateAsync("large", 3_000_000);
        var first = queue.DrawAsync(new DrawRequest("large"), CancellationToken).AsTask();
        await controlled.CommitStarted;
        var draws = Enumerable.Range(0, 300)
            .Select(i => i % 2 == 0 ? cancellation.Token : CancellationToken)
            .Select(token => queue.DrawAsync(new DrawRequest("large", 10_000), token).AsTask())
            .ToArray();
        await cancellation.CancelAsync();
        controlled.Release();
        await first;

        for (var i = 0; i < draws.Length; i++)
        {
            if (i % 2 == 0)
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => draws[i]);
            else
                Assert.Equal(1 + i / 2 * 10_000, (await draws[i]).Position);
        }

        Assert.Equal(1_500_001, (await store.FindAsync("large", CancellationToken))!.Cursor);
    }

    [Fact]
    public async Task Replays_and_refused_draws_are_not_counted()
    {
        var time = new FakeTimeProvider();
        using var activity = new DrawActivity(time);
        await using var counted = new SqlitePoolStore(directory.File("counted.db"), time);
        await counted.OpenAsync(null, CancellationToken);
        await counted.CreateAndSeedAsync(new PoolDefinition("p", new PoolRange(1, 10)), Seeds.Zero, null, CancellationToken);
        var levels = new List<int>();
        activity.FillLevelReached += level => levels.Add(level.Percent);
        await using var queue = new DrawQueue(counted, new DrawQueueOptions(), activity);

        for (var i = 0; i < 3; i++)
            await queue.DrawAsync(new DrawRequest("p", 8, Key: "k"), CancellationToken);
        await queue.DrawAsync(new DrawRequest("p", 9, Key: "k"), CancellationToken);
        await queue.DrawAsync(new DrawRequest("p", 3), CancellationToken);
        Assert.Equal(new DrawPace(1 / 60.0, 8 / 60.0), activity.PaceOf("p"));
        Assert.Equal([80], levels);
    }

    [Fact]
    public async Task Concurrent_retries_are_one_draw()
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
                    CancellationToken);
                answers.Add((keys[i], outcome));
                if (i % 7 == 0)
                    await queue.DrawAsync(new DrawRequest("none"), CancellationToken);
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
        Assert.Equal(Enumerable.Range(0, 200).Sum(key => 1 + key % 3), (await store.FindAsync("p", CancellationToken))!.Cursor);
    }
}
