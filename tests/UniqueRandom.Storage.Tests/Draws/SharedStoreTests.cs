using UniqueRandom.Draws;
using UniqueRandom.Queueing;
using UniqueRandom.Storage.Tests.Sqlite;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Tests.Draws;

/// <summary>Which draws can join a batch that waits for its locks.</summary>
public sealed class SharedStoreTests : SqliteStoreTestBase
{
    private readonly LockedStore locked;

    public SharedStoreTests()
        : base(2_000_000) => locked = new LockedStore(store);

    [Fact]
    public async Task Draws_without_a_key_from_a_locked_pool_join_and_the_others_wait_for_the_next_batch()
    {
        await CreateAsync("q", 100);
        await using var queue = new DrawQueue(locked, new DrawQueueOptions());
        var first = queue.DrawAsync(new DrawRequest("p", Key: "first"), CancellationToken).AsTask();
        await locked.LockRequested;
        DrawRequest[] late = [new("p"), new("p", Key: "a"), new("q"), new("p", 7, "order"), new("q", Key: "b")];
        var draws = late.Select(request => queue.DrawAsync(request, CancellationToken).AsTask()).ToArray();
        locked.GrantLock();
        await Task.WhenAll([first, .. draws]);
        Assert.Equal(["p:1:first p:1: p:7:", "p:1:a q:1: q:1:b"], locked.Batches);
        Assert.Equal(["p:1:first", "p:1:a q:1: q:1:b"], locked.Locks);
    }

    [Fact]
    public async Task A_canceled_draw_does_not_join()
    {
        using var cancellation = new CancellationTokenSource();
        await using var queue = new DrawQueue(locked, new DrawQueueOptions());
        var first = queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask();
        await locked.LockRequested;
        var canceled = queue.DrawAsync(new DrawRequest("p", 5), cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        locked.GrantLock();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled);
        Assert.Equal(0, (await first).Position);
        Assert.Equal(["p:1:"], locked.Batches);
    }

    [Fact]
    public async Task Joining_draws_do_not_exceed_the_batch_limit()
    {
        await using var queue = new DrawQueue(locked, new DrawQueueOptions());
        var first = queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask();
        await locked.LockRequested;
        var draws = Enumerable.Range(0, 101).Select(
            _ => queue.DrawAsync(new DrawRequest("p", 10_000), CancellationToken).AsTask()).ToArray();
        locked.GrantLock();
        await Task.WhenAll([first, .. draws]);
        Assert.Equal([100, 2], locked.Batches.Select(batch => batch.Split(' ').Length));
    }

    [Fact]
    public async Task If_locking_fails_the_draws_of_the_batch_fail_and_the_next_batch_is_tried()
    {
        await using var queue = new DrawQueue(locked, new DrawQueueOptions());
        var first = queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask();
        await locked.LockRequested;
        var late = queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask();
        var error = new StoreException(StoreFault.Unavailable, "gone");
        locked.FailLock(error);
        Assert.Same(error, await Assert.ThrowsAsync<StoreException>(() => first));
        Assert.Equal(0, (await late).Position);
    }
}
