using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage;

/// <summary>Creates the errors for damaged data, the same for every store.</summary>
internal static class Damage
{
    /// <summary>What to restore.</summary>
    public const string Backup = "the newest backup, as OPERATIONS.md describes.";

    public static StoreException OfChunk(string pool, int number) => new(
        StoreFault.Fatal, $"Chunk {number} of the pool '{pool}' is damaged; restore {Backup}");

    public static StoreException OfOrder(string pool, int number) => new(
        StoreFault.Fatal, $"Chunk {number} of the pool '{pool}' is not of the order that its seed gives; restore {Backup}");

    public static StoreException OfImport(string pool) => new(
        StoreFault.Fatal, $"The imported numbers of the pool '{pool}' are not those of its commitment; restore {Backup}");

    /// <summary>Creates the error for a pool whose first range is not the configured one.</summary>
    /// <param name="place">The database, as the subject of a sentence.</param>
    /// <param name="stored">The pool as it was created.</param>
    /// <param name="expected">The pool that is configured.</param>
    public static StoreRefusedException OfRange(string place, PoolDefinition stored, PoolDefinition expected) =>
        new($"{place} holds the pool '{stored.Name}' with the range {stored.Range}, and {expected.Range} is configured; "
            + "configure the stored range, or name another database.");

    /// <summary>Creates the error for a database in which a pool lacks imported numbers.</summary>
    /// <param name="place">The database, as the subject of a sentence.</param>
    /// <param name="pool">The name of the pool.</param>
    public static StoreRefusedException OfIncompleteImport(string place, string pool) =>
        new($"{place} holds only a part of the numbers that were imported into the pool '{pool}'; repeat the import, or name "
            + "another database.");

    /// <param name="pool">The name of the pool.</param>
    /// <param name="reason">The end of a sentence, with a full stop.</param>
    public static StoreRefusedException OfPool(string pool, string reason) =>
        new($"The pool '{pool}' can't be served: {reason} Restore {Backup}");
}
