using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using UniqueRandom.Metrics;
using UniqueRandom.Queueing;
using UniqueRandom.Server.Health;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Server.Tests.Health;

/// <summary>Readiness when the store hangs, or fails in ways that nobody has foreseen.</summary>
public sealed class StoreHealthTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ApplicationLifetime life = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly ManualResetEventSlim letThrough = new();
    private DrawQueue? queue;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        letThrough.Set();
        life.StopApplication();
        if (queue is not null)
            await queue.DisposeAsync();
    }

    [Fact]
    public async Task A_check_that_hangs_blocks_neither_callers_nor_reports()
    {
        var (health, store) = Create(_ => letThrough.Wait(Cancellation));

        // On the thread pool, because the call itself must not block.
        var callers = await Task.Run(
            () => Enumerable.Range(0, 100).Select(_ => health.IsReadyAsync(Cancellation)).ToArray(), Cancellation)
            .WaitAsync(Patience, Cancellation);
        await ReportAsync(health);

        Assert.False(await health.IsReadyAsync(Cancellation).WaitAsync(Patience, Cancellation));
        Assert.All(callers, caller => Assert.False(caller.IsCompleted));
        letThrough.Set();
        Assert.All(await Task.WhenAll(callers).WaitAsync(Patience, Cancellation), Assert.True);
        Assert.Equal(1, store.Checks);
    }

    [Fact]
    public async Task A_recovery_joins_the_check_under_way()
    {
        var (health, store) = Create(_ => letThrough.Wait(Cancellation));
        var caller = Task.Run(() => health.IsReadyAsync(Cancellation), Cancellation);
        await Eventually.TrueAsync(() => Task.FromResult(store.Checks == 1), "the check has begun");

        await ReportAsync(health);
        await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);
        Assert.Equal(1, store.Checks);
        letThrough.Set();

        Assert.True(await caller);
        await Eventually.TrueAsync(() => health.IsReadyAsync(Cancellation), "the store is ready again");
    }

    [Fact]
    public async Task A_caller_that_leaves_does_not_take_the_check_along()
    {
        var (health, store) = Create(_ => letThrough.Wait(Cancellation));
        using var leaving = new CancellationTokenSource();
        var (left, stays) = await Task.Run(
            () => (health.IsReadyAsync(leaving.Token), health.IsReadyAsync(Cancellation)), Cancellation)
            .WaitAsync(Patience, Cancellation);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left.WaitAsync(Patience, Cancellation));
        letThrough.Set();

        Assert.True(await stays);
        Assert.Equal(1, store.Checks);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_recovers_whatever_its_checks_throw(bool isForeseen)
    {
        var (health, store) = Create(number =>
        {
            if (number == 1 && isForeseen)
                throw new StoreException(StoreFault.Unavailable, "The disk is full.");
            if (number <= 3)
                throw new InvalidCastException("Nobody has foreseen this.");
        });

        Assert.False(await health.IsReadyAsync(Cancellation));
        await Eventually.TrueAsync(() => health.IsReadyAsync(Cancellation), "the store is ready again");
        Assert.True(store.Checks >= 4);
    }

    [Fact]
    public async Task A_check_that_fails_fatally_ends_the_queue()
    {
        var error = new StoreException(StoreFault.Fatal, "Nobody knows what is on disk.");
        var (health, _) = Create(_ => throw error);

        Assert.False(await health.IsReadyAsync(Cancellation));
        Assert.Same(error, await queue!.Failure.WaitAsync(Patience, Cancellation));
    }

    private static Task ReportAsync(StoreHealth health) =>
        Task.Run(() => health.Report(new StoreException(StoreFault.Unavailable, "The disk is full.")), Cancellation)
            .WaitAsync(Patience, Cancellation);

    private (StoreHealth Health, CheckedStore Store) Create(Action<int> check)
    {
        var (store, control) = CheckedStore.Create(check);
        queue = new DrawQueue(store, new DrawQueueOptions(), new DrawActivity(TimeProvider.System));
        return (new StoreHealth(store, queue, TimeProvider.System, life, NullLogger<StoreHealth>.Instance), control);
    }
}
