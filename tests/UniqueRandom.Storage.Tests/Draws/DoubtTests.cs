using UniqueRandom.Draws;
using UniqueRandom.Queueing;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Tests.Draws;

/// <summary>A commit of which nobody knows whether it was recorded: a key finds out, and who has none is told so.</summary>
public sealed class DoubtTests() : HeldQueueTest(1000)
{
    private static readonly StoreException Doubt = new(StoreFault.InDoubt, "lost on the way");
    private static readonly StoreException Gone = new(StoreFault.Unavailable, "no primary");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_a_batch_in_doubt_those_with_a_key_find_out_and_the_others_are_told_that_nobody_knows(bool isRecorded)
    {
        await using var queue = new DrawQueue(held, new DrawQueueOptions());
        var draws = await DrawAsync(
            queue, [(Doubt, isRecorded)], new("p", Key: "a"), new("p"), new("p", 3, Key: "b"), new("p"), new("p", Key: "a"));

        foreach (var unkeyed in new[] { draws[1], draws[3] })
            Assert.Same(Doubt, await Assert.ThrowsAsync<StoreException>(() => unkeyed));
        var (a, b, again) = (await draws[0], await draws[2], await draws[4]);
        Assert.Equal(isRecorded ? (0, 2, 0) : (0, 1, 0), (a.Position, b.Position, again.Position));
        Assert.Equal((isRecorded, isRecorded, true), (a.IsReplayed, b.IsReplayed, again.IsReplayed));
        Assert.Equal(isRecorded ? 6 : 4, (await store.FindAsync("p", Cancellation))!.Cursor);
        Assert.Equal([1, 5, 3], held.Batches);
        Assert.Equal(isRecorded ? 6 : 4, (await queue.DrawAsync(new DrawRequest("p"), Cancellation)).Position);
    }

    [Fact]
    public async Task A_key_goes_on_asking_while_the_store_is_gone_or_in_doubt_again()
    {
        await using var queue = new DrawQueue(held, new DrawQueueOptions());
        var draws = await DrawAsync(
            queue, [(Doubt, false), (Gone, false), (Doubt, true), (Gone, false), (Doubt, true)],
            new DrawRequest("p", 4, Key: "a"));
        Assert.Equal((0, 4, true), ((await draws[0]).Position, (await draws[0]).Count, (await draws[0]).IsReplayed));
        Assert.Equal(4, (await store.FindAsync("p", Cancellation))!.Cursor);
        Assert.Equal(7, held.Batches.Count);
    }

    [Fact]
    public async Task When_the_patience_ends_whoever_has_a_key_is_told_that_nobody_knows_and_can_ask_again()
    {
        await using var queue = new DrawQueue(held, new DrawQueueOptions { DoubtTimeout = TimeSpan.Zero });
        var draws = await DrawAsync(queue, [(Doubt, true), (Gone, false)], new DrawRequest("p", 4, Key: "a"));
        Assert.Same(Doubt, await Assert.ThrowsAsync<StoreException>(() => draws[0]));
        Assert.True((await queue.DrawAsync(new DrawRequest("p", 4, Key: "a"), Cancellation)).IsReplayed);
        Assert.False(queue.Failure.IsCompleted);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_the_patience_to_end()
    {
        var queue = new DrawQueue(held, new DrawQueueOptions { DoubtTimeout = TimeSpan.FromDays(1) });
        var draws = await DrawAsync(
            queue, [(Doubt, false), .. Enumerable.Repeat((Gone, false), 1000)], new DrawRequest("p", Key: "a"));
        await queue.DisposeAsync();
        await Assert.ThrowsAsync<StoreException>(() => draws[0]);
    }

    [Fact]
    public async Task A_fatal_failure_while_finding_out_is_the_last_one()
    {
        await using var queue = new DrawQueue(held, new DrawQueueOptions());
        var fatal = new StoreException(StoreFault.Fatal, "damaged");
        var draws = await DrawAsync(queue, [(Doubt, false), (fatal, false)], new DrawRequest("p", Key: "a"));
        Assert.Same(fatal, await Assert.ThrowsAsync<StoreException>(() => draws[0]));
        Assert.Same(fatal, await queue.Failure);
    }

    /// <summary>Lets some draws share a batch, because they come while another one is in the store.</summary>
    private async Task<Task<DrawOutcome>[]> DrawAsync(
        DrawQueue queue, (StoreException, bool)[] faults, params DrawRequest[] requests)
    {
        held.Faults.Enqueue((null, true));
        foreach (var fault in faults)
            held.Faults.Enqueue(fault);
        var before = queue.DrawAsync(new DrawRequest("none"), Cancellation).AsTask();
        await held.Arrival;
        var draws = requests.Select(request => queue.DrawAsync(request, Cancellation).AsTask()).ToArray();
        held.Release();
        await before;
        return draws;
    }
}
