using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using UniqueRandom.Metrics;
using UniqueRandom.Queueing;
using UniqueRandom.Server.Health;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Server.Tests.Health;

/// <summary>Readiness when the store hangs or fails unexpectedly.</summary>
public sealed class StoreHealthTests : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly ApplicationLifetime lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly ManualResetEventSlim released = new();
    private DrawQueue? queue;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        released.Set();
        lifetime.StopApplication();
        if (queue is not null)
            await queue.DisposeAsync();
    }

    [Fact]
    public async Task A_check_that_hangs_blocks_neither_callers_nor_reports()
    {
        var (health, store) = Create(_ => released.Wait(CancellationToken));

        // Runs on the thread pool, because the call itself must not block.
        var callers = await Task.Run(
            () => Enumerable.Range(0, 100).Select(_ => health.IsReadyAsync(CancellationToken)).ToArray(), CancellationToken)
            .WaitAsync(Timeout, CancellationToken);
        await ReportAsync(health);

        Assert.False(await health.IsReadyAsync(CancellationToken).WaitAsync(Timeout, CancellationToken));
        Assert.All(callers, caller => Assert.False(caller.IsCompleted));
        released.Set();
        Assert.All(await Task.WhenAll(callers).WaitAsync(Timeout, CancellationToken), Assert.True);
        Assert.Equal(1, store.Checks);
    }

    [Fact]
    public async Task A_recovery_joins_a_running_check()
    {
        var (health, store) = Create(_ => released.Wait(CancellationToken));
        var caller = Task.Run(() => health.IsReadyAsync(CancellationToken), CancellationToken);
        await Eventually.TrueAsync(() => Task.FromResult(store.Checks == 1), "the check has begun");

        await ReportAsync(health);
        await Task.Delay(TimeSpan.FromSeconds(2), CancellationToken);
        Assert.Equal(1, store.Checks);
        released.Set();

        Assert.True(await caller);
        await Eventually.TrueAsync(() => health.IsReadyAsync(CancellationToken), "the store is ready again");
    }

    [Fact]
    public async Task A_canceled_caller_does_not_cancel_the_check()
    {
        var (health, store) = Create(_ => released.Wait(CancellationToken));
        using var cancellation = new CancellationTokenSource();
        var (canceled, other) = await Task.Run(
            () => (health.IsReadyAsync(cancellation.Token), health.IsReadyAsync(CancellationToken)), CancellationToken)
            .WaitAsync(Timeout, CancellationToken);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled.WaitAsync(Timeout, CancellationToken));
        released.Set();

        Assert.True(await other);
        Assert.Equal(1, store.Checks);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_recovers_from_any_exception_of_a_check(bool isStoreException)
    {
        var (health, store) = Create(number =>
        {
            if (number == 1 && isStoreException)
                throw new StoreException(StoreFault.Unavailable, "The disk is full.");
            if (number <= 3)
                throw new InvalidCastException("An unexpected exception.");
        });

        Assert.False(await health.IsReadyAsync(CancellationToken));
        await Eventually.TrueAsync(() => health.IsReadyAsync(CancellationToken), "the store is ready again");
        Assert.True(store.Checks >= 4);
    }

    [Fact]
    public async Task A_fatal_check_stops_the_queue()
    {
        var error = new StoreException(StoreFault.Fatal, "The state on disk is unknown.");
        var (health, _) = Create(_ => throw error);

        Assert.False(await health.IsReadyAsync(CancellationToken));
        Assert.Same(error, await queue!.Failure.WaitAsync(Timeout, CancellationToken));
    }

    private static Task ReportAsync(StoreHealth health) =>
        Task.Run(() => health.Report(new StoreException(StoreFault.Unavailable, "The disk is full.")), CancellationToken)
            .WaitAsync(Timeout, CancellationToken);

    private (StoreHealth Health, CheckedStore Store) Create(Action<int> check)
    {
        var (store, control) = CheckedStore.Create(check);
        queue = new DrawQueue(store, new DrawQueueOptions(), new DrawActivity(TimeProvider.System));
        return (new StoreHealth(store, queue, TimeProvider.System, lifetime, NullLogger<StoreHealth>.Instance), control);
    }
}
