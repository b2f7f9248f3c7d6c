using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Reads chunks and verifies them. Guarded by the store's gate.</summary>
internal sealed class ChunkReader(SqliteFile file) : IDisposable
{
    private readonly SqliteStatement select = new(file, "SELECT offsets, checksum FROM chunk WHERE pool_id = ?1 AND number = ?2");

    /// <summary>Reads a chunk of a pool.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="number">The chunk's place in the permutation, from 0.</param>
    /// <param name="chunk">Receives its bytes; at least as long as a full chunk.</param>
    /// <exception cref="StoreException">It is missing, of a wrong length, or does not match its checksum.</exception>
    public void Read(StoredPool pool, int number, Span<byte> chunk)
    {
        try
        {
            Select(pool, number).CopyTo(chunk);
        }
        finally
        {
            select.Reset();
        }
    }

    /// <summary>The place of an offset among the first ones of a chunk, or -1.</summary>
    /// <exception cref="StoreException">The chunk is missing, of a wrong length, or does not match its checksum.</exception>
    public int PlaceOf(uint offset, StoredPool pool, int number, int length)
    {
        try
        {
            return Chunk.PlaceOf(offset, Select(pool, number)[..(length * sizeof(uint))]);
        }
        finally
        {
            select.Reset();
        }
    }

    /// <exception cref="StoreException">The chunk is missing, of a wrong length, or does not match its checksum.</exception>
    public void Verify(StoredPool pool, int number)
    {
        try
        {
            Select(pool, number);
        }
        finally
        {
            select.Reset();
        }
    }

    public void Dispose() => select.Dispose();

    /// <summary>The bytes are SQLite's own, until the statement is reset.</summary>
    private ReadOnlySpan<byte> Select(StoredPool pool, int number)
    {
        if (select.Bind(1, pool.Id).Bind(2, number).Read())
        {
            var bytes = select.Bytes(0);
            if (bytes.Length == Chunk.LengthOf(number, pool.Definition.Range.Size) * sizeof(uint)
                && Chunk.Checksum(pool.Commitment, number, bytes) == select.Integer(1))
            {
                return bytes;
            }
        }

        throw new StoreException(
            StoreFault.Fatal,
            $"Chunk {number} of the pool '{pool.Definition.Name}' is damaged; restore the database from a backup that is newer than its last draw.");
    }
}
