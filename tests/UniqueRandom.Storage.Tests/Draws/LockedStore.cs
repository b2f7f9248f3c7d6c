using UniqueRandom.Draws;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Tests.Draws;

/// <summary>A shared store whose first lock waits until the test grants or fails it.</summary>
internal sealed class LockedStore(IPoolStore store) : ForwardingStore(store), ISharedPoolStore
{
    private readonly TaskCompletionSource lockRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource lockGranted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the first lock is requested.</summary>
    public Task LockRequested => lockRequested.Task;

    /// <summary>The draws of each lock.</summary>
    public List<string> Locks { get; } = [];

    /// <summary>The draws of each commit.</summary>
    public List<string> Batches { get; } = [];

    public void GrantLock() => lockGranted.SetResult();

    public void FailLock(StoreException error) => lockGranted.SetException(error);

    public async ValueTask<ILockedBatch> LockAsync(ReadOnlyMemory<DrawRequest> requests)
    {
        Locks.Add(Describe(requests));
        lockRequested.TrySetResult();
        if (Locks.Count == 1)
            await lockGranted.Task;
        return new LockedBatch(this);
    }

    public override ValueTask CommitAsync(ReadOnlyMemory<DrawRequest> requests, Memory<DrawOutcome> outcomes)
    {
        Batches.Add(Describe(requests));
        return base.CommitAsync(requests, outcomes);
    }

    private static string Describe(ReadOnlyMemory<DrawRequest> requests) =>
        string.Join(' ', requests.ToArray().Select(request => $"{request.Pool}:{request.Count}:{request.Key}"));

    private sealed class LockedBatch(LockedStore store) : ILockedBatch
    {
        public ValueTask CommitAsync(ReadOnlyMemory<DrawRequest> requests, Memory<DrawOutcome> outcomes) =>
            store.CommitAsync(requests, outcomes);
    }
}
