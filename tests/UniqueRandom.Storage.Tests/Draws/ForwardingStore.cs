using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Tests.Draws;

/// <summary>A store that forwards each call to another store.</summary>
internal abstract class ForwardingStore(IPoolStore store) : IPoolStore
{
    public virtual ValueTask CommitAsync(ReadOnlyMemory<DrawRequest> requests, Memory<DrawOutcome> outcomes) =>
        store.CommitAsync(requests, outcomes);

    public ValueTask OpenAsync(PoolDefinition? expected, CancellationToken cancellationToken) =>
        store.OpenAsync(expected, cancellationToken);

    public ValueTask VerifyAsync(bool everything, IProgress<long>? progress, CancellationToken cancellationToken) =>
        store.VerifyAsync(everything, progress, cancellationToken);

    public ValueTask CheckAsync(CancellationToken cancellationToken) => store.CheckAsync(cancellationToken);

    public ValueTask<Pool?> FindAsync(string name, CancellationToken cancellationToken) =>
        store.FindAsync(name, cancellationToken);

    public ValueTask<PoolCreation> CreateAsync(PoolDefinition definition, Seed seed, CancellationToken cancellationToken) =>
        store.CreateAsync(definition, seed, cancellationToken);

    public ValueTask<PoolExtension> ExtendAsync(ExtensionRequest request, Seed seed, CancellationToken cancellationToken) =>
        store.ExtendAsync(request, seed, cancellationToken);

    public ValueTask<PoolCreation> ImportAsync(
        PoolDefinition definition, PoolImport import, Seed seed, CancellationToken cancellationToken) =>
        store.ImportAsync(definition, import, seed, cancellationToken);

    public ValueTask<Pool?> SeedAsync(string name, IProgress<long>? progress, CancellationToken cancellationToken) =>
        store.SeedAsync(name, progress, cancellationToken);

    public ValueTask<IReadOnlyList<Pool>> ListAsync(string? after, int limit, CancellationToken cancellationToken) =>
        store.ListAsync(after, limit, cancellationToken);

    public ValueTask<Pool?> CloseAsync(string name, CancellationToken cancellationToken) =>
        store.CloseAsync(name, cancellationToken);

    public ValueTask<IReadOnlyList<DrawLogRow>> ReadLogAsync(
        string name, long position, int limit, CancellationToken cancellationToken) =>
        store.ReadLogAsync(name, position, limit, cancellationToken);

    public ValueTask ReadNumbersAsync(string name, long position, Memory<long> numbers, CancellationToken cancellationToken) =>
        store.ReadNumbersAsync(name, position, numbers, cancellationToken);

    public ValueTask SampleAsync(
        string name, ReadOnlyMemory<long> positions, Memory<long> numbers, CancellationToken cancellationToken) =>
        store.SampleAsync(name, positions, numbers, cancellationToken);

    public ValueTask<long?> FindPositionAsync(string name, long number, CancellationToken cancellationToken) =>
        store.FindPositionAsync(name, number, cancellationToken);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
