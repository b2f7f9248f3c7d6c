using UniqueRandom.Draws;
using UniqueRandom.Metrics;
using UniqueRandom.Pools;
using UniqueRandom.Queueing;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Draws;

/// <summary>The queue in front of a SQLite store that fails.</summary>
public sealed class DrawQueueFailureTests() : HeldQueueTest(100_000)
{
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
    public async Task After_a_fatal_failure_only_the_draws_of_its_batch_are_in_doubt()
    {
        await using var queue = new DrawQueue(held, new DrawQueueOptions());
        var fatal = new StoreException(StoreFault.Fatal, "lost");
        held.Error = fatal;
        var inStore = queue.DrawAsync(new DrawRequest("p"), Cancellation).AsTask();
        await held.Arrival;
        var waiting = queue.DrawAsync(new DrawRequest("p"), Cancellation).AsTask();
        held.Release();
        Assert.Same(fatal, await Assert.ThrowsAsync<StoreException>(() => inStore));
        await AssertTookNothingAsync(waiting, fatal);
        held.Error = null;
        await AssertTookNothingAsync(queue.DrawAsync(new DrawRequest("p"), Cancellation).AsTask(), fatal);
        Assert.Same(fatal, await queue.Failure);
        Assert.Single(held.Batches);
    }

    private static async Task AssertTookNothingAsync(Task<DrawOutcome> draw, Exception cause)
    {
        var error = await Assert.ThrowsAsync<StoreException>(() => draw);
        Assert.Equal(StoreFault.Unavailable, error.Fault);
        Assert.Same(cause, error.InnerException);
    }

    [Fact]
    public async Task A_batch_whose_listener_throws_is_answered_and_the_queue_goes_on()
    {
        using var activity = new DrawActivity(TimeProvider.System);
        activity.FillLevelReached += _ => throw new InvalidOperationException("a faulty handler");
        await using var queue = new DrawQueue(store, new DrawQueueOptions(), activity);
        await store.CreateAndSeedAsync(new PoolDefinition("five", new PoolRange(1, 5)), Seeds.Zero, null, Cancellation);
        Assert.Equal(0, (await queue.DrawAsync(new DrawRequest("five", 5), Cancellation)).Position);
        Assert.Equal(0, (await queue.DrawAsync(new DrawRequest("p"), Cancellation)).Position);
        Assert.False(queue.Failure.IsCompleted);
    }

    [Fact]
    public async Task A_queue_that_is_failed_from_outside_answers_nobody_any_more_but_the_batch_that_is_in_the_store()
    {
        var queue = new DrawQueue(held, new DrawQueueOptions());
        var inStore = queue.DrawAsync(new DrawRequest("p"), Cancellation).AsTask();
        await held.Arrival;
        var waiting = Enumerable.Range(0, 20).Select(_ => queue.DrawAsync(new DrawRequest("p"), Cancellation).AsTask()).ToArray();
        var error = new StoreException(StoreFault.Fatal, "lost elsewhere");
        queue.Fail(error);
        queue.Fail(new StoreException(StoreFault.Fatal, "too late to be the first"));

        Assert.Same(error, await queue.Failure);
        foreach (var draw in waiting)
            await AssertTookNothingAsync(draw, error);
        await AssertTookNothingAsync(queue.DrawAsync(new DrawRequest("p"), Cancellation).AsTask(), error);

        held.Release();
        Assert.Equal(0, (await inStore).Position);
        await AssertTookNothingAsync(queue.DrawAsync(new DrawRequest("p"), Cancellation).AsTask(), error);
        await queue.DisposeAsync();
        Assert.Equal([1], held.Batches);
        Assert.Equal(1, (await store.FindAsync("p", Cancellation))!.Cursor);
    }

    [Fact]
    public async Task A_queue_that_is_failed_at_rest_answers_nobody_and_can_be_disposed_of()
    {
        var queue = new DrawQueue(store, new DrawQueueOptions());
        await queue.DrawAsync(new DrawRequest("p"), Cancellation);
        var error = new InvalidOperationException("stop");
        queue.Fail(error);
        await AssertTookNothingAsync(queue.DrawAsync(new DrawRequest("p"), Cancellation).AsTask(), error);
        await queue.DisposeAsync();
        Assert.Equal(1, (await store.FindAsync("p", Cancellation))!.Cursor);
    }
}
