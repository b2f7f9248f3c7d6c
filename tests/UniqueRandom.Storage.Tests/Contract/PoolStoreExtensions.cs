using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Audit;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Contract;

internal static class PoolStoreExtensions
{
    /// <summary>Records a pool if it is not recorded yet, and seeds it.</summary>
    /// <returns>The pool; null if it was not seeded by this call.</returns>
    public static async Task<Pool?> CreateAndSeedAsync(
        this IPoolStore store,
        PoolDefinition definition,
        Seed seed,
        IProgress<long>? progress,
        CancellationToken cancellationToken)
    {
        var (pool, _) = await store.CreateAsync(definition, seed, cancellationToken);
        Assert.Equal(definition, pool.Definition);
        return await store.SeedAsync(definition.Name, progress, cancellationToken);
    }

    /// <summary>Imports a pool, which stays in the state seeding.</summary>
    public static async Task<PoolCreation> ImportAsync(
        this IPoolStore store,
        PoolDefinition definition,
        ReadOnlyMemory<long> numbers,
        string? caller = null,
        CancellationToken cancellationToken = default)
    {
        using var set = SampleLog.SetOf(definition.Range, numbers.Span);
        var import = new PoolImport(set, ImportedList.Of(definition.Range, set), caller);
        return await store.ImportAsync(definition, import, Seeds.Counting, cancellationToken);
    }

    /// <summary>Draws, and returns the numbers.</summary>
    public static async Task<long[]> DrawNumbersAsync(this IPoolStore store, DrawRequest request)
    {
        var outcome = (await store.CommitBatchAsync(request))[0];
        long[] numbers = request.Count == 1 ? [outcome.Number] : outcome.Numbers.ToArray();
        Assert.Equal(request.Count, numbers.Length);
        return numbers;
    }

    /// <summary>Commits a batch, and returns its outcomes.</summary>
    public static async Task<DrawOutcome[]> CommitBatchAsync(this IPoolStore store, params DrawRequest[] requests)
    {
        var outcomes = new DrawOutcome[requests.Length];
        await store.CommitAsync(requests, outcomes);
        return outcomes;
    }
}
