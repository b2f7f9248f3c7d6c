using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Queueing;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Draws;

/// <summary>Which draws may join a batch that waits for other processes.</summary>
public sealed class SharedStoreTests : IAsyncLifetime
{
    private readonly TemporaryDirectory directory = new();
    private readonly LockedStore store;

    public SharedStoreTests() => store = new LockedStore(new SqlitePoolStore(directory.Database, TimeProvider.System));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await store.OpenAsync(null, Cancellation);
        foreach (var pool in new[] { "p", "q" })
            await store.CreateAndSeedAsync(new PoolDefinition(pool, new PoolRange(1, 2_000_000)), Seeds.Zero, null, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task Draws_without_a_key_from_a_pool_that_is_locked_join_and_all_others_wait_for_the_next_batch()
    {
        await using var queue = new DrawQueue(store, new DrawQueueOptions());
        var first = queue.DrawAsync(new DrawRequest("p", Key: "first"), Cancellation).AsTask();
        await store.Waits;
        DrawRequest[] late = [new("p"), new("p", Key: "a"), new("q"), new("p", 7, "order"), new("q", Key: "b")];
        var draws = late.Select(request => queue.DrawAsync(request, Cancellation).AsTask()).ToArray();
        store.Unlock();
        await Task.WhenAll([first, .. draws]);
        Assert.Equal(["p:1:first p:1: p:7:", "p:1:a q:1: q:1:b"], store.Batches);
        Assert.Equal(["p:1:first", "p:1:a q:1: q:1:b"], store.Locks);
    }

    [Fact]
    public async Task Whoever_has_left_does_not_join()
    {
        using var leaving = new CancellationTokenSource();
        await using var queue = new DrawQueue(store, new DrawQueueOptions());
        var first = queue.DrawAsync(new DrawRequest("p"), Cancellation).AsTask();
        await store.Waits;
        var gone = queue.DrawAsync(new DrawRequest("p", 5), leaving.Token).AsTask();
        await leaving.CancelAsync();
        store.Unlock();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        Assert.Equal(0, (await first).Position);
        Assert.Equal(["p:1:"], store.Batches);
    }

    [Fact]
    public async Task No_more_join_than_a_batch_may_have_numbers()
    {
        await using var queue = new DrawQueue(store, new DrawQueueOptions());
        var first = queue.DrawAsync(new DrawRequest("p"), Cancellation).AsTask();
        await store.Waits;
        var draws = Enumerable.Range(0, 101).Select(
            _ => queue.DrawAsync(new DrawRequest("p", 10_000), Cancellation).AsTask()).ToArray();
        store.Unlock();
        await Task.WhenAll([first, .. draws]);
        Assert.Equal([100, 2], store.Batches.Select(batch => batch.Split(' ').Length));
    }

    [Fact]
    public async Task If_there_is_no_batch_to_be_taken_those_who_asked_for_it_are_told_and_the_next_ones_are_tried()
    {
        await using var queue = new DrawQueue(store, new DrawQueueOptions());
        var first = queue.DrawAsync(new DrawRequest("p"), Cancellation).AsTask();
        await store.Waits;
        var late = queue.DrawAsync(new DrawRequest("p"), Cancellation).AsTask();
        var error = new StoreException(StoreFault.Unavailable, "gone");
        store.Refuse(error);
        Assert.Same(error, await Assert.ThrowsAsync<StoreException>(() => first));
        Assert.Equal(0, (await late).Position);
    }

    /// <summary>A store whose first lock has to be waited for.</summary>
    private sealed class LockedStore(IPoolStore store) : ISharedPoolStore
    {
        private readonly TaskCompletionSource waits = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource unlocked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Waits => waits.Task;

        public List<string> Locks { get; } = [];

        public List<string> Batches { get; } = [];

        public void Unlock() => unlocked.SetResult();

        public void Refuse(StoreException error) => unlocked.SetException(error);

        public async ValueTask LockAsync(ReadOnlyMemory<DrawRequest> requests)
        {
            Locks.Add(Tell(requests));
            waits.TrySetResult();
            if (Locks.Count == 1)
                await unlocked.Task;
        }

        public ValueTask CommitAsync(ReadOnlyMemory<DrawRequest> requests, Memory<DrawOutcome> outcomes)
        {
            Batches.Add(Tell(requests));
            return store.CommitAsync(requests, outcomes);
        }

        public ValueTask OpenAsync(PoolDefinition? expected, CancellationToken cancellation) =>
            store.OpenAsync(expected, cancellation);

        public ValueTask<PoolCreation> CreateAsync(PoolDefinition definition, Seed seed, CancellationToken cancellationToken) =>
            store.CreateAsync(definition, seed, cancellationToken);

        public ValueTask<Pool?> SeedAsync(string name, IProgress<long>? progress, CancellationToken cancellationToken) =>
            store.SeedAsync(name, progress, cancellationToken);

        public ValueTask DisposeAsync() => store.DisposeAsync();

        public ValueTask CheckAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Pool>> ListAsync(string? after, int limit, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public ValueTask<Pool?> FindAsync(string name, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<Pool?> CloseAsync(string name, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<DrawLogRow>> ReadLogAsync(
            string name, long position, int limit, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask ReadNumbersAsync(string name, long position, Memory<long> numbers, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public ValueTask<long?> FindPositionAsync(string name, long number, CancellationToken cancellation) =>
            throw new NotSupportedException();

        private static string Tell(ReadOnlyMemory<DrawRequest> requests) =>
            string.Join(' ', requests.ToArray().Select(request => $"{request.Pool}:{request.Count}:{request.Key}"));
    }
}
