using UniqueRandom.Pools;

namespace UniqueRandom.Server.Events;

/// <summary>
/// The pools as they were last read, and in which version each has changed. A version is a reading that differs from the one
/// before, or other news. Not thread-safe.
/// </summary>
internal sealed class PoolChanges
{
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private long oldestComplete;

    /// <summary>Gets the number of the last version; 0 before the first one.</summary>
    public long Version { get; private set; }

    /// <summary>Compares a reading of all pools with the last one.</summary>
    /// <param name="pools">All pools.</param>
    /// <param name="onDrawn">Called for each pool whose cursor has moved, with the one before.</param>
    /// <returns>Whether it is a new version.</returns>
    public bool Update(IReadOnlyList<Pool> pools, Action<Pool, long> onDrawn)
    {
        var next = Version + 1;
        var hasChanged = Version == 0;
        foreach (var pool in pools)
        {
            var known = entries.GetValueOrDefault(pool.Definition.Name);
            if (known?.Pool == pool)
                continue;
            hasChanged = true;
            var isSame = known is not null && known.Pool with { Cursor = pool.Cursor, Seeded = pool.Seeded } == pool;
            // Not after a failover to a pool of the same name, nor for imported numbers, which show when the pool opens.
            if (known?.Pool.Commitment.Equals(pool.Commitment) == true && known.Pool.State != PoolState.Seeding
                && pool.Cursor > known.Pool.Cursor)
                onDrawn(pool, known.Pool.Cursor);
            entries[pool.Definition.Name] = new Entry(pool, next, isSame ? known!.Described : next);
        }

        // A failover can lose a pool.
        if (entries.Count > pools.Count)
        {
            var names = pools.Select(pool => pool.Definition.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var lost in entries.Keys.Where(name => !names.Contains(name)).ToList())
                entries.Remove(lost);
            (hasChanged, oldestComplete) = (true, next);
        }

        if (hasChanged)
            Version = next;
        return hasChanged;
    }

    /// <summary>Begins a version in which no pool has changed.</summary>
    public void Advance() => Version++;

    /// <summary>Gets what has changed after a version.</summary>
    /// <param name="seen">The version; 0 for none.</param>
    /// <returns>
    /// Whether everything that is known must be forgotten first; and the pools, each with whether anything but its progress is
    /// new.
    /// </returns>
    public (bool IsComplete, List<(Pool Pool, bool IsDescribed)> Pools) After(long seen)
    {
        var isComplete = seen == 0 || seen < oldestComplete;
        return (isComplete, [.. entries.Values
            .Where(entry => isComplete || entry.Changed > seen)
            .OrderBy(entry => entry.Pool.Definition.Name, StringComparer.Ordinal)
            .Select(entry => (entry.Pool, isComplete || entry.Described > seen))]);
    }

    /// <param name="Pool">The pool as it was last read.</param>
    /// <param name="Changed">The version in which anything changed.</param>
    /// <param name="Described">The version in which anything but the progress changed.</param>
    private sealed record Entry(Pool Pool, long Changed, long Described);
}
