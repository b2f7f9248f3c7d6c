using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Tests.Permutations;

namespace UniqueRandom.Tests.Draws;

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
        await store.CreateAsync(new PoolDefinition("p", new PoolRange(1, 100_000)), Seeds.Zero, null, Cancellation);
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
        var shapes = Gen.Choose(1, 40).ListOf().Where(counts => counts.Count > 0).ListOf().Where(callers => callers.Count is > 0 and < 32);
        await Task.Run(() => Prop.ForAll(shapes.ToArbitrary(), callers => DrawAsync($"shape-{++pools}", callers).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(50)), Cancellation);

        async Task<bool> DrawAsync(string pool, List<List<int>> callers)
        {
            var asked = callers.Sum(counts => counts.Sum());
            await store.CreateAsync(new PoolDefinition(pool, new PoolRange(1, asked)), Seeds.Zero, null, default);
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
        Assert.Equal(Enumerable.Range(0, 50), outcomes.Select(outcome => outcome.Position).Order());
    }

    [Fact]
    public async Task After_a_failure_that_can_be_waited_out_the_next_batch_is_tried()
    {
        await using var queue = new DrawQueue(held, new DrawQueueOptions());
        held.Error = new StoreException(StoreFault.Unavailable, "full");
        held.Release();
        await Assert.ThrowsAsync<StoreException>(() => queue.DrawAsync(new DrawRequest("p"), Cancellation).AsTask());
        held.Error = null;
        Assert.Equal(0, (await queue.DrawAsync(new DrawRequest("p"), Cancellation)).Position);
        Assert.False(queue.Failure.IsCompleted);
    }

    [Fact]
    public async Task After_a_fatal_failure_nobody_is_answered_any_more()
    {
        await using var queue = new DrawQueue(held, new DrawQueueOptions());
        held.Error = new StoreException(StoreFault.Fatal, "lost");
        var inStore = queue.DrawAsync(new DrawRequest("p"), Cancellation).AsTask();
        await held.Arrival;
        var waiting = queue.DrawAsync(new DrawRequest("p"), Cancellation).AsTask();
        held.Release();
        await Assert.ThrowsAsync<StoreException>(() => inStore);
        await Assert.ThrowsAsync<StoreException>(() => waiting);
        held.Error = null;
        await Assert.ThrowsAsync<StoreException>(() => queue.DrawAsync(new DrawRequest("p"), Cancellation).AsTask());
        Assert.Same(await queue.Failure, (await Assert.ThrowsAsync<StoreException>(() => inStore)));
        Assert.Single(held.Batches);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_001)]
    public async Task A_count_out_of_range_is_the_callers_mistake(int count)
    {
        await using var queue = new DrawQueue(store, new DrawQueueOptions());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => queue.DrawAsync(new DrawRequest("p", count), Cancellation).AsTask());
    }
}
