using UniqueRandom.Draws;
using UniqueRandom.Metrics;
using UniqueRandom.Queueing;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Tests.Draws;

/// <summary>A queue on a SQLite store that fails.</summary>
public sealed class DrawQueueFailureTests() : DrawQueueTestBase(100_000)
{
    [Fact]
    public async Task After_a_transient_failure_the_next_batch_is_tried()
    {
        await using var queue = new DrawQueue(controlled, new DrawQueueOptions());
        controlled.Error = new StoreException(StoreFault.Unavailable, "full");
        controlled.Release();
        await Assert.ThrowsAsync<StoreException>(() => queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask());
        controlled.Error = null;
        Assert.Equal(0, (await queue.DrawAsync(new DrawRequest("p"), CancellationToken)).Position);
        Assert.False(queue.Failure.IsCompleted);
    }

    [Fact]
    public async Task After_a_fatal_failure_only_the_draws_of_its_batch_are_in_doubt()
    {
        await using var queue = new DrawQueue(controlled, new DrawQueueOptions());
        var fatal = new StoreException(StoreFault.Fatal, "lost");
        controlled.Error = fatal;
        var committing = queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask();
        await controlled.CommitStarted;
        var waiting = queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask();
        controlled.Release();
        Assert.Same(fatal, await Assert.ThrowsAsync<StoreException>(() => committing));
        await AssertTookNothingAsync(waiting, fatal);
        controlled.Error = null;
        await AssertTookNothingAsync(queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask(), fatal);
        Assert.Same(fatal, await queue.Failure);
        Assert.Single(controlled.Batches);
    }

    private static async Task AssertTookNothingAsync(Task<DrawOutcome> draw, Exception cause)
    {
        var error = await Assert.ThrowsAsync<StoreException>(() => draw);
        Assert.Equal(StoreFault.Unavailable, error.Fault);
        Assert.Same(cause, error.InnerException);
    }

    [Fact]
    public async Task A_batch_whose_listener_throws_completes_and_the_queue_continues()
    {
        using var activity = new DrawActivity(TimeProvider.System);
        activity.FillLevelReached += _ => throw new InvalidOperationException("a faulty handler");
        await using var queue = new DrawQueue(store, new DrawQueueOptions(), activity);
        await CreateAsync("five", 5);
        Assert.Equal(0, (await queue.DrawAsync(new DrawRequest("five", 5), CancellationToken)).Position);
        Assert.Equal(0, (await queue.DrawAsync(new DrawRequest("p"), CancellationToken)).Position);
        Assert.False(queue.Failure.IsCompleted);
    }

    [Fact]
    public async Task After_Fail_the_running_batch_completes_and_all_other_draws_are_refused()
    {
        var queue = new DrawQueue(controlled, new DrawQueueOptions());
        var committing = queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask();
        await controlled.CommitStarted;
        var waiting = Enumerable.Range(0, 20).Select(
            _ => queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask()).ToArray();
        var error = new StoreException(StoreFault.Fatal, "lost elsewhere");
        queue.Fail(error);
        queue.Fail(new StoreException(StoreFault.Fatal, "too late to be the first"));

        Assert.Same(error, await queue.Failure);
        foreach (var draw in waiting)
            await AssertTookNothingAsync(draw, error);
        await AssertTookNothingAsync(queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask(), error);

        controlled.Release();
        Assert.Equal(0, (await committing).Position);
        await AssertTookNothingAsync(queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask(), error);
        await queue.DisposeAsync();
        Assert.Equal([1], controlled.Batches);
        Assert.Equal(1, (await store.FindAsync("p", CancellationToken))!.Cursor);
    }

    [Fact]
    public async Task After_Fail_an_idle_queue_refuses_draws_and_can_be_disposed()
    {
        var queue = new DrawQueue(store, new DrawQueueOptions());
        await queue.DrawAsync(new DrawRequest("p"), CancellationToken);
        var error = new InvalidOperationException("stop");
        queue.Fail(error);
        await AssertTookNothingAsync(queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask(), error);
        await queue.DisposeAsync();
        Assert.Equal(1, (await store.FindAsync("p", CancellationToken))!.Cursor);
    }
}
