using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Records a pool with imported numbers, and stores them.</summary>
/// <param name="store">The store.</param>
/// <param name="gate">The store's gate.</param>
/// <param name="time">The clock of the record.</param>
/// <param name="stopping">Canceled when the store ends: nothing is written after that.</param>
internal sealed class SqliteImport(SqlitePoolStore store, StoreGate gate, TimeProvider time, CancellationToken stopping)
{
    /// <summary>Imports a pool, unless its name is taken. If this fails, nothing is left unless the store fails, too.</summary>
    /// <exception cref="InsufficientMemoryException">There is no memory for the shuffle.</exception>
    /// <exception cref="InsufficientDiskException">The disk has no room for the pool.</exception>
    /// <exception cref="StoreException">The import could not be recorded.</exception>
    public PoolCreation Run(PoolDefinition definition, PoolImport import, Seed seed, CancellationToken cancellationToken)
    {
        var existing = store.Use(open => open.Pools.GetValueOrDefault(definition.Name));
        if (existing is { IsIncomplete: true })
            RemoveAbandoned(existing);
        else if (existing is not null)
            return new PoolCreation(store.Use(_ => existing.Snapshot()), IsNew: false);
        Permutation.RequireMemory(definition.StoredSize);
        var (creation, pool) = store.Use(open =>
            (open.Create(definition, import.List, seed, time.GetStoredNow()), open.Pools[definition.Name]));
        if (!creation.IsNew)
            return creation;
        try
        {
            Write(pool, import.Numbers, cancellationToken);
            return store.Use(open =>
            {
                stopping.ThrowIfCancellationRequested();
                open.CompleteImport(pool, import.Caller, time.GetStoredNow());
                return new PoolCreation(pool.Snapshot(), IsNew: true);
            });
        }
        catch
        {
            if (pool.IsIncomplete)
                TryRemove(pool);
            throw;
        }
    }

    /// <summary>Removes a pool whose import has failed, unless that is done already. No import is running.</summary>
    /// <exception cref="StoreException">It could not be removed.</exception>
    public void RemoveAbandoned(StoredPool pool)
    {
        while (!store.Use(open =>
        {
            stopping.ThrowIfCancellationRequested();
            return open.Pools.GetValueOrDefault(pool.Definition.Name) != pool || open.RemoveNext(pool);
        }))
        {
        }
    }

    private void Write(StoredPool pool, OffsetSet numbers, CancellationToken cancellationToken)
    {
        var writer = store.Use(open => new SqliteChunkWriter(open.File, gate, stopping));
        var next = 0L;
        var offsets = new uint[Chunk.Length];
        writer.Write(pool, pool.Segments[0], Chunk.CountOf(numbers.Count), OffsetsOf, progress: null, cancellationToken);

        // The places behind the last imported number are written when the other numbers are shuffled.
        ReadOnlySpan<uint> OffsetsOf(int chunk)
        {
            numbers.Copy(ref next, offsets);
            return offsets.AsSpan(0, Chunk.LengthOf(chunk, numbers.Size));
        }
    }

    private void TryRemove(StoredPool pool)
    {
        try
        {
            RemoveAbandoned(pool);
        }
        catch (Exception error) when (error is StoreException or OperationCanceledException)
        {
            store.UseAlways(() => pool.IsAbandoned = true);
        }
    }
}
