using System.Collections.Concurrent;
using UniqueRandom.Draws;
using UniqueRandom.Queueing;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Tests.Draws;

/// <summary>A queue whose draws begin on event loops, and which commits on a thread of its own.</summary>
public sealed class EventLoopTests() : DrawQueueTestBase(100_000)
{
    private static readonly DrawQueueOptions Options = new() { HasCommitThread = true };

    [Fact]
    public async Task Draws_resume_on_their_loop_and_are_committed_on_another_thread()
    {
        using var loop = new ThreadLoop();
        var recorded = new ThreadStore(store);
        await using var queue = new DrawQueue(recorded, Options);

        var (before, after) = await loop.RunAsync(async () =>
        {
            var thread = Environment.CurrentManagedThreadId;
            return (thread, await Task.WhenAll(DrawAsync(), DrawAsync()));
        });

        Assert.Equal([before, before], after);
        var (id, name) = Assert.Single(recorded.Threads);
        Assert.NotEqual(before, id);
        Assert.Equal("Commit", name);

        async Task<int> DrawAsync()
        {
            Assert.Equal(DrawOutcomeKind.Drawn, (await queue.DrawAsync(new DrawRequest("p"))).Kind);
            return Environment.CurrentManagedThreadId;
        }
    }

    [Fact]
    public async Task A_draw_that_is_alone_resumes_on_the_thread_that_commits()
    {
        using var loop = new ThreadLoop();
        await using var queue = new DrawQueue(store, Options with { SlowCommit = TimeSpan.MaxValue });
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("Commit", await loop.RunAsync(async () =>
            {
                await queue.DrawAsync(new DrawRequest("p"));
                return Thread.CurrentThread.Name;
            }));
        }
    }

    [Fact]
    public async Task A_draw_that_is_alone_resumes_on_its_loop_after_a_slow_commit()
    {
        using var loop = new ThreadLoop();
        await using var queue = new DrawQueue(store, Options with { SlowCommit = TimeSpan.Zero });
        for (var i = 0; i < 3; i++)
        {
            Assert.Same(loop, await loop.RunAsync(async () =>
            {
                await queue.DrawAsync(new DrawRequest("p"));
                return EventLoop.Current;
            }));
        }
    }

    [Fact]
    public async Task A_large_draw_does_not_resume_on_the_loop()
    {
        using var loop = new ThreadLoop();
        await using var queue = new DrawQueue(store, Options);
        Assert.Null(await loop.RunAsync(async () =>
        {
            Assert.Equal(5000, (await queue.DrawAsync(new DrawRequest("p", 5000))).Count);
            return EventLoop.Current;
        }));
    }

    [Fact]
    public async Task Draws_that_begin_in_a_row_share_a_batch()
    {
        using var loop = new ThreadLoop();
        controlled.Release();
        await using var queue = new DrawQueue(controlled, Options);
        var outcomes = await loop.RunAsync(
            () => Task.WhenAll(Enumerable.Range(0, 64).Select(_ => queue.DrawAsync(new DrawRequest("p")).AsTask())));
        Assert.Equal(Enumerable.Range(0, 64), outcomes.Select(outcome => (int)outcome.Position));
        Assert.Equal([64], controlled.Batches);
    }

    [Fact]
    public async Task A_loop_runs_other_work_while_a_commit_hangs()
    {
        using var loop = new ThreadLoop();
        await using var queue = new DrawQueue(controlled, Options);
        var draw = loop.RunAsync(() => queue.DrawAsync(new DrawRequest("p")).AsTask());
        await controlled.CommitStarted;
        Assert.Equal(7, await loop.RunAsync(() => Task.FromResult(7)));
        Assert.False(draw.IsCompleted);
        controlled.Release();
        Assert.Equal(DrawOutcomeKind.Drawn, (await draw).Kind);
    }

    [Fact]
    public async Task A_failed_commit_fails_the_draws_on_their_loop()
    {
        using var loop = new ThreadLoop();
        controlled.Error = new StoreException(StoreFault.Unavailable, "gone");
        controlled.Release();
        await using var queue = new DrawQueue(controlled, Options);
        var loopAfter = await loop.RunAsync(async () =>
        {
            await Assert.ThrowsAsync<StoreException>(() => queue.DrawAsync(new DrawRequest("p")).AsTask());
            return EventLoop.Current;
        });
        Assert.Same(loop, loopAfter);
    }

    [Fact]
    public async Task Draws_of_loops_and_of_the_thread_pool_are_disjoint_and_leave_no_gap()
    {
        const int each = 500;
        using var first = new ThreadLoop();
        using var second = new ThreadLoop();
        var positions = new ConcurrentBag<long>();
        await using (var queue = new DrawQueue(store, Options))
        {
            await Task.WhenAll([
                .. Enumerable.Range(0, 4).Select(_ => first.RunAsync(() => DrawAsync(queue))),
                .. Enumerable.Range(0, 4).Select(_ => second.RunAsync(() => DrawAsync(queue))),
                .. Enumerable.Range(0, 4).Select(_ => Task.Run(() => DrawAsync(queue))),
            ]);
        }

        Assert.Equal(Enumerable.Range(0, 12 * each).Select(position => (long)position), positions.Order());

        async Task<bool> DrawAsync(DrawQueue queue)
        {
            for (var i = 0; i < each; i++)
                positions.Add((await queue.DrawAsync(new DrawRequest("p"))).Position);

            return true;
        }
    }

    /// <summary>Records the threads that commit.</summary>
    private sealed class ThreadStore(IPoolStore store) : ForwardingStore(store)
    {
        public ConcurrentBag<(int Id, string? Name)> Threads { get; } = [];

        public override ValueTask CommitAsync(ReadOnlyMemory<DrawRequest> requests, Memory<DrawOutcome> outcomes)
        {
            Threads.Add((Environment.CurrentManagedThreadId, Thread.CurrentThread.Name));
            return base.CommitAsync(requests, outcomes);
        }
    }
}
