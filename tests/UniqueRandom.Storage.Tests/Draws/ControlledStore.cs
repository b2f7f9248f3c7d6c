using UniqueRandom.Draws;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Tests.Draws;

/// <summary>
/// A store whose commits wait for <see cref="Release"/> and can fail in ways that a real store can't be made to.
/// </summary>
internal sealed class ControlledStore(IPoolStore store) : ForwardingStore(store)
{
    private readonly TaskCompletionSource commitStarted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the first commit starts.</summary>
    public Task CommitStarted => commitStarted.Task;

    /// <summary>The count of draws in each batch.</summary>
    public List<int> Batches { get; } = [];

    /// <summary>The exception that commits throw instead of committing; null for none.</summary>
    public Exception? Error { get; set; }

    /// <summary>For each of the next commits: the exception to throw, or null, and whether to commit before.</summary>
    public Queue<(StoreException? Error, bool IsRecorded)> Faults { get; } = new();

    /// <summary>Releases the waiting commit and all later ones.</summary>
    public void Release() => released.TrySetResult();

    public override async ValueTask CommitAsync(ReadOnlyMemory<DrawRequest> requests, Memory<DrawOutcome> outcomes)
    {
        Batches.Add(requests.Length);
        commitStarted.TrySetResult();
        await released.Task;
        if (Error is not null)
            throw Error;
        var (fault, isRecorded) = Faults.TryDequeue(out var next) ? next : (null, true);
        if (isRecorded)
            await base.CommitAsync(requests, outcomes);
        if (fault is not null)
            throw fault;
    }
}
