using UniqueRandom.Permutations;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Reads chunks and verifies them. Guarded by the store's gate.</summary>
internal sealed class ChunkReader(SqliteFile file) : IDisposable
{
    private readonly SqliteStatement select = new(file, "SELECT offsets, checksum FROM chunk WHERE pool_id = ?1 AND number = ?2");

    /// <summary>Reads a chunk of a pool, unless it is missing, of a wrong length, or does not match its checksum.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="number">The chunk's place in the permutation, from 0.</param>
    /// <param name="chunk">Receives its bytes; at least as long as a full chunk.</param>
    public bool TryRead(StoredPool pool, int number, Span<byte> chunk)
    {
        try
        {
            if (!select.Bind(1, pool.Id).Bind(2, number).Read())
                return false;

            var bytes = select.Bytes(0);
            var isSound = bytes.Length == Chunk.LengthOf(number, pool.Definition.Range.Size) * sizeof(uint)
                && Chunk.Checksum(pool.Commitment, number, bytes) == select.Integer(1);
            if (isSound)
                bytes.CopyTo(chunk);
            return isSound;
        }
        finally
        {
            select.Reset();
        }
    }

    public static string Damaged(StoredPool pool, int number) =>
        $"Chunk {number} of the pool '{pool.Definition.Name}' is damaged; restore the database from a backup that is newer than its last draw.";

    public void Dispose() => select.Dispose();
}
