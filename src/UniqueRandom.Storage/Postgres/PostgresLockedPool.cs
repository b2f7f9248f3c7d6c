using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>A pool as it was read by the last transaction that locked it.</summary>
internal sealed class PostgresLockedPool(PostgresPool pool)
{
    public PostgresPool Pool => pool;

    public int Id => pool.Id;

    public PoolState State { get; private set; }

    public long Cursor { get; private set; }

    public DrawLogRow? LastRow { get; set; }

    public PoolBatch Batch { get; } = new();

    public bool InBatch { get; private set; }

    public void Reset(PoolState stored, long storedCursor)
    {
        (State, Cursor) = (stored, storedCursor);
        (InBatch, LastRow) = (false, null);
    }

    /// <exception cref="StoreException">Cursor and log disagree: another program has changed one of them.</exception>
    public void Begin()
    {
        if ((LastRow?.End ?? 0) != Cursor)
        {
            throw new StoreException(
                StoreFault.Fatal,
                $"The pool '{pool.Definition.Name}' can't be drawn from: its cursor says that {Cursor} numbers are drawn, "
                + $"and its draw log ends at {LastRow?.End ?? 0}. Restore {Damage.Backup}");
        }

        InBatch = true;
        Batch.Begin(Cursor, LastRow);
    }
}
