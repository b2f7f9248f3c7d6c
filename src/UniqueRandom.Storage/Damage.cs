using UniqueRandom.Stores;

namespace UniqueRandom.Storage;

/// <summary>What every store says of what it can't serve from.</summary>
internal static class Damage
{
    private const string Backup = "the database from a backup that is newer than its last draw.";

    public static StoreException OfChunk(string pool, int number) => new(
        StoreFault.Fatal, $"Chunk {number} of the pool '{pool}' is damaged; restore {Backup}");

    /// <param name="pool">The pool.</param>
    /// <param name="why">The end of a sentence.</param>
    public static StoreRefusedException OfPool(string pool, string why) => new($"The pool '{pool}' can't be served: {why} Restore {Backup}");
}
