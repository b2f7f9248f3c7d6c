using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Tests.Draws;

/// <summary>
/// A store whose commits wait to be let through, and can be made to fail: the faults that a real one can't be asked for.
/// </summary>
internal sealed class HeldStore(IPoolStore store) : IPoolStore
{
    private readonly TaskCompletionSource arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the first batch has come to the store.</summary>
    public Task Arrival => arrival.Task;

    /// <summary>How many draws each batch had.</summary>
    public List<int> Batches { get; } = [];

    /// <summary>What the next commits throw instead of committing.</summary>
    public Exception? Error { get; set; }

    /// <summary>What each of the next commits throws, after it has committed or instead; null for one that does not.</summary>
    public Queue<(StoreException? Error, bool IsRecorded)> Faults { get; } = new();

    /// <summary>Lets this commit and all later ones through.</summary>
    public void Release() => release.TrySetResult();

    public async ValueTask CommitAsync(ReadOnlyMemory<DrawRequest> requests, Memory<DrawOutcome> outcomes)
    {
        Batches.Add(requests.Length);
        arrival.TrySetResult();
        await release.Task;
        if (Error is not null)
            throw Error;
        var (fault, isRecorded) = Faults.TryDequeue(out var next) ? next : (null, true);
        if (isRecorded)
            await store.CommitAsync(requests, outcomes);
        if (fault is not null)
            throw fault;
    }

    public ValueTask OpenAsync(PoolDefinition? expected, CancellationToken cancellation) =>
        store.OpenAsync(expected, cancellation);

    public ValueTask CheckAsync(CancellationToken cancellation) => store.CheckAsync(cancellation);

    public ValueTask<Pool?> FindAsync(string name, CancellationToken cancellation) => store.FindAsync(name, cancellation);

    public ValueTask<PoolCreation> CreateAsync(PoolDefinition definition, Seed seed, CancellationToken cancellationToken) =>
        store.CreateAsync(definition, seed, cancellationToken);

    public ValueTask<Pool?> SeedAsync(string name, IProgress<long>? progress, CancellationToken cancellationToken) =>
        store.SeedAsync(name, progress, cancellationToken);

    public ValueTask<IReadOnlyList<Pool>> ListAsync(string? after, int limit, CancellationToken cancellation) =>
        store.ListAsync(after, limit, cancellation);

    public ValueTask<Pool?> CloseAsync(string name, CancellationToken cancellation) => store.CloseAsync(name, cancellation);

    public ValueTask<IReadOnlyList<DrawLogRow>> ReadLogAsync(
        string name, long position, int limit, CancellationToken cancellation) =>
        store.ReadLogAsync(name, position, limit, cancellation);

    public ValueTask ReadNumbersAsync(string name, long position, Memory<long> numbers, CancellationToken cancellation) =>
        store.ReadNumbersAsync(name, position, numbers, cancellation);

    public ValueTask<long?> FindPositionAsync(string name, long number, CancellationToken cancellation) =>
        store.FindPositionAsync(name, number, cancellation);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
