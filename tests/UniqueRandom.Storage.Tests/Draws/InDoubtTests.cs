using UniqueRandom.Draws;
using UniqueRandom.Queueing;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Tests.Draws;

/// <summary>
/// Batches that may or may not be recorded: draws with a key are retried until this is known, and the others fail.
/// </summary>
public sealed class InDoubtTests() : DrawQueueTestBase(1000)
{
    private static readonly StoreException InDoubt = new(StoreFault.InDoubt, "lost connection");
    private static readonly StoreException Unavailable = new(StoreFault.Unavailable, "no primary");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_a_batch_in_doubt_draws_with_a_key_are_resolved_and_the_others_fail(bool isRecorded)
    {
        await using var queue = new DrawQueue(controlled, new DrawQueueOptions());
        var draws = await DrawAsync(
            queue, [(InDoubt, isRecorded)], new("p", Key: "a"), new("p"), new("p", 3, Key: "b"), new("p"), new("p", Key: "a"));

        foreach (var unkeyed in new[] { draws[1], draws[3] })
            Assert.Same(InDoubt, await Assert.ThrowsAsync<StoreException>(() => unkeyed));
        var (a, b, again) = (await draws[0], await draws[2], await draws[4]);
        Assert.Equal(isRecorded ? (0, 2, 0) : (0, 1, 0), (a.Position, b.Position, again.Position));
        Assert.Equal((isRecorded, isRecorded, true), (a.IsReplayed, b.IsReplayed, again.IsReplayed));
        Assert.Equal(isRecorded ? 6 : 4, (await store.FindAsync("p", CancellationToken))!.Cursor);
        Assert.Equal([1, 5, 3], controlled.Batches);
        Assert.Equal(isRecorded ? 6 : 4, (await queue.DrawAsync(new DrawRequest("p"), CancellationToken)).Position);
    }

    [Fact]
    public async Task A_draw_with_a_key_is_retried_while_the_store_is_unavailable_or_in_doubt()
    {
        await using var queue = new DrawQueue(controlled, new DrawQueueOptions());
        var draws = await DrawAsync(
            queue, [(InDoubt, false), (Unavailable, false), (InDoubt, true), (Unavailable, false), (InDoubt, true)],
            new DrawRequest("p", 4, Key: "a"));
        Assert.Equal((0, 4, true), ((await draws[0]).Position, (await draws[0]).Count, (await draws[0]).IsReplayed));
        Assert.Equal(4, (await store.FindAsync("p", CancellationToken))!.Cursor);
        Assert.Equal(7, controlled.Batches.Count);
    }

    [Fact]
    public async Task After_the_doubt_timeout_a_draw_with_a_key_fails_and_can_be_retried()
    {
        await using var queue = new DrawQueue(controlled, new DrawQueueOptions { DoubtTimeout = TimeSpan.Zero });
        var draws = await DrawAsync(queue, [(InDoubt, true), (Unavailable, false)], new DrawRequest("p", 4, Key: "a"));
        Assert.Same(InDoubt, await Assert.ThrowsAsync<StoreException>(() => draws[0]));
        Assert.True((await queue.DrawAsync(new DrawRequest("p", 4, Key: "a"), CancellationToken)).IsReplayed);
        Assert.False(queue.Failure.IsCompleted);
    }

    [Fact]
    public async Task Disposal_does_not_wait_for_the_doubt_timeout()
    {
        var queue = new DrawQueue(controlled, new DrawQueueOptions { DoubtTimeout = TimeSpan.FromDays(1) });
        var draws = await DrawAsync(
            queue, [(InDoubt, false), .. Enumerable.Repeat((Unavailable, false), 1000)], new DrawRequest("p", Key: "a"));
        await queue.DisposeAsync();
        await Assert.ThrowsAsync<StoreException>(() => draws[0]);
    }

    [Fact]
    public async Task A_fatal_failure_while_resolving_doubt_stops_the_queue()
    {
        await using var queue = new DrawQueue(controlled, new DrawQueueOptions());
        var fatal = new StoreException(StoreFault.Fatal, "damaged");
        var draws = await DrawAsync(queue, [(InDoubt, false), (fatal, false)], new DrawRequest("p", Key: "a"));
        Assert.Same(fatal, await Assert.ThrowsAsync<StoreException>(() => draws[0]));
        Assert.Same(fatal, await queue.Failure);
    }

    /// <summary>Queues draws while another batch is being committed, so that they share the next batch.</summary>
    private async Task<Task<DrawOutcome>[]> DrawAsync(
        DrawQueue queue, (StoreException, bool)[] faults, params DrawRequest[] requests)
    {
        controlled.Faults.Enqueue((null, true));
        foreach (var fault in faults)
            controlled.Faults.Enqueue(fault);
        var before = queue.DrawAsync(new DrawRequest("none"), CancellationToken).AsTask();
        await controlled.CommitStarted;
        var draws = requests.Select(request => queue.DrawAsync(request, CancellationToken).AsTask()).ToArray();
        controlled.Release();
        await before;
        return draws;
    }
}
