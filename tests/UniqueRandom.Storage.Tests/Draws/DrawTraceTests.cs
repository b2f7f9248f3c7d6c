using System.Diagnostics;
using UniqueRandom.Draws;
using UniqueRandom.Queueing;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Tests.Draws;

/// <summary>The activities of draws and batches.</summary>
public sealed class DrawTraceTests() : DrawQueueTestBase(1000)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Draws_are_beneath_their_caller_and_linked_with_their_batch(bool hasCommitThread)
    {
        using var recording = new TraceRecording();
        await using var queue = new DrawQueue(controlled, new DrawQueueOptions { HasCommitThread = hasCommitThread });
        var first = queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask();
        await controlled.CommitStarted;
        var second = queue.DrawAsync(new DrawRequest("p", 5, "order-4711", "key-1"), CancellationToken).AsTask();
        var third = queue.DrawAsync(new DrawRequest("p", 1000), CancellationToken).AsTask();
        Assert.Same(recording.Root, Activity.Current);
        controlled.Release();
        await Task.WhenAll(first, second, third);

        Assert.Equal([1, 2], recording.Batches.Select(batch => batch.GetTagItem("uniquerandom.batch.size")));
        Assert.Equal(["p 1 drawn", "p 5 drawn", "p 1000 exhausted"], recording.Draws.Select(Describe));
        Assert.All(recording.Draws, draw => Assert.Equal(recording.Root.SpanId, draw.ParentSpanId));
        foreach (var (batch, draws) in recording.Batches.Zip([recording.Draws.Take(1), recording.Draws.Skip(1)]))
        {
            Assert.Equal(draws.First().SpanId, batch.ParentSpanId);
            Assert.Equal(draws.Select(draw => draw.Context), batch.Links.Select(link => link.Context));
            Assert.All(draws, draw => Assert.Equal(batch.Context, Assert.Single(draw.Links).Context));
            Assert.All(draws, draw => Assert.True(draw.StartTimeUtc <= batch.StartTimeUtc && batch.Duration <= draw.Duration));
        }

        var shown = string.Concat(recording.Draws.Concat(recording.Batches).SelectMany(activity => activity.TagObjects));
        Assert.DoesNotContain("4711", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("key-1", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_of_the_store_is_beneath_the_batch()
    {
        using var recording = new TraceRecording();
        var observed = new ObservedStore(store);
        await using var queue = new DrawQueue(observed, new DrawQueueOptions());
        await queue.DrawAsync(new DrawRequest("p"), CancellationToken);
        Activity.Current = null;
        await queue.DrawAsync(new DrawRequest("p"), CancellationToken);

        var batch = Assert.Single(recording.Batches);
        Assert.Equal([batch.SpanId, null], observed.Current);
    }

    [Fact]
    public async Task A_draw_that_joins_a_batch_of_a_shared_store_is_linked()
    {
        using var recording = new TraceRecording();
        var locked = new LockedStore(store);
        await using var queue = new DrawQueue(locked, new DrawQueueOptions());
        var first = queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask();
        await locked.LockRequested;
        var late = queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask();
        locked.GrantLock();
        await Task.WhenAll(first, late);

        var batch = Assert.Single(recording.Batches);
        Assert.Equal(2, batch.GetTagItem("uniquerandom.batch.size"));
        Assert.All(recording.Draws, draw => Assert.Equal(batch.Context, Assert.Single(draw.Links).Context));
        Assert.Equal(2, batch.Links.Count());
    }

    [Fact]
    public async Task Failures_and_refusals_are_shown()
    {
        using var recording = new TraceRecording();
        var queue = new DrawQueue(controlled, new DrawQueueOptions { Capacity = 1 });
        controlled.Error = new StoreException(StoreFault.Unavailable, "no disk");
        var failing = queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask();
        await controlled.CommitStarted;
        var waiting = queue.DrawAsync(new DrawRequest("p"), CancellationToken).AsTask();
        Assert.Equal(DrawOutcomeKind.QueueFull, (await queue.DrawAsync(new DrawRequest("p", 2), CancellationToken)).Kind);
        controlled.Release();
        await Assert.ThrowsAsync<StoreException>(() => failing);
        await Assert.ThrowsAsync<StoreException>(() => waiting);
        await queue.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => queue.DrawAsync(new DrawRequest("p", 3), CancellationToken).AsTask());

        Assert.Equal(
            ["p 2 queue_full", "p 1 Error no disk", "p 1 Error no disk"],
            recording.Draws.Take(3).Select(Describe));
        Assert.StartsWith("p 3 Error Cannot access a disposed object.", Describe(recording.Draws[3]), StringComparison.Ordinal);
        Assert.All(
            recording.Batches,
            batch => Assert.Equal((ActivityStatusCode.Error, "no disk"), (batch.Status, batch.StatusDescription)));
        Assert.Equal(2, recording.Batches.Count);
    }

    [Fact]
    public async Task A_listener_that_throws_fails_no_draw()
    {
        using var recording = new TraceRecording();
        recording.OnStopped = () => throw new InvalidOperationException("broken listener");
        await using var queue = new DrawQueue(store, new DrawQueueOptions());

        Assert.Equal(0, (await queue.DrawAsync(new DrawRequest("p"), CancellationToken)).Position);
        Assert.Equal(1, (await queue.DrawAsync(new DrawRequest("p"), CancellationToken)).Position);

        Assert.Equal(2, recording.Batches.Count);
    }

    private static string Describe(Activity draw)
    {
        var result = draw.GetTagItem("uniquerandom.outcome") ?? $"{draw.Status} {draw.StatusDescription}";
        return $"{draw.GetTagItem("uniquerandom.pool")} {draw.GetTagItem("uniquerandom.count")} {result}";
    }

    private sealed class ObservedStore(IPoolStore store) : ForwardingStore(store)
    {
        public List<ActivitySpanId?> Current { get; } = [];

        public override ValueTask CommitAsync(ReadOnlyMemory<DrawRequest> requests, Memory<DrawOutcome> outcomes)
        {
            Current.Add(Activity.Current?.SpanId);
            return base.CommitAsync(requests, outcomes);
        }
    }
}
