using System.Buffers;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>
/// Writes a pool: a row in the state seeding, its chunks in short transactions of their own so that other pools can draw in between,
/// and at last, in one transaction, the state open. Until then the pool does not exist for anybody.
/// </summary>
internal sealed class SqliteSeeding(SqliteFile file, Lock gate)
{
    /// <summary>How many chunks share a transaction: 256 KiB, about two milliseconds.</summary>
    private const int ChunksAtOnce = 8;

    public StoredPool Write(PoolDefinition definition, Seed seed, DateTimeOffset now, IProgress<int>? progress, CancellationToken cancellation)
    {
        var commitment = Commitment.To(seed, definition.Range);
        using var permutation = Permutation.Shuffle(seed, definition.Range.Size, cancellation);
        var id = Begin(definition, seed, commitment, now);
        try
        {
            WriteChunks(id, permutation, commitment, progress, cancellation);
            Finish(id);
        }
        catch
        {
            lock (gate)
                Remove(file, id);
            throw;
        }

        return new StoredPool(id, definition, PoolState.Open, commitment, now);
    }

    /// <summary>Removes what seedings that were cut off have left behind.</summary>
    public static void RemoveUnfinished(SqliteFile file)
    {
        var ids = new List<long>();
        using (var command = file.Connection.Command("SELECT id FROM pool WHERE state = @seeding", ("@seeding", (int)PoolState.Seeding)))
        using (var row = command.ExecuteReader())
        {
            while (row.Read())
                ids.Add(row.GetInt64(0));
        }

        foreach (var id in ids)
            Remove(file, id);
    }

    private static void Remove(SqliteFile file, long id)
    {
        using var transaction = file.Connection.BeginTransaction();
        file.Connection.Execute("DELETE FROM chunk WHERE pool_id = @id", ("@id", id));
        file.Connection.Execute("DELETE FROM pool WHERE id = @id", ("@id", id));
        transaction.Commit();
    }

    private long Begin(PoolDefinition definition, Seed seed, Commitment commitment, DateTimeOffset now)
    {
        lock (gate)
        {
            file.Connection.Execute(
                """
                INSERT INTO pool (name, minimum, maximum, state, cursor, seed, commitment, created_at)
                VALUES (@name, @minimum, @maximum, @state, 0, @seed, @commitment, @created_at)
                """,
                ("@name", definition.Name),
                ("@minimum", definition.Range.Minimum),
                ("@maximum", definition.Range.Maximum),
                ("@state", (int)PoolState.Seeding),
                ("@seed", seed.Bytes.ToArray()),
                ("@commitment", commitment.Bytes.ToArray()),
                ("@created_at", now.ToUnixTimeMilliseconds()));
            return file.Connection.Scalar("SELECT last_insert_rowid()");
        }
    }

    private void WriteChunks(long id, Permutation permutation, Commitment commitment, IProgress<int>? progress, CancellationToken cancellation)
    {
        using var insert = new SqliteStatement(file, "INSERT INTO chunk (pool_id, number, checksum, offsets) VALUES (?1, ?2, ?3, ?4)");
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk.Length * sizeof(uint));
        var count = Chunk.CountOf(permutation.Size);
        for (var number = 0; number < count;)
        {
            cancellation.ThrowIfCancellationRequested();
            var end = Math.Min(number + ChunksAtOnce, count);
            lock (gate)
            {
                using var transaction = file.Connection.BeginTransaction();
                for (; number < end; number++)
                {
                    var offsets = permutation.Offsets.Slice(number * Chunk.Length, Chunk.LengthOf(number, permutation.Size));
                    var bytes = buffer.AsSpan(0, offsets.Length * sizeof(uint));
                    Chunk.Encode(offsets, bytes);
                    insert.Bind(1, id).Bind(2, number).Bind(3, Chunk.Checksum(commitment, number, bytes)).Bind(4, bytes).Run();
                }

                transaction.Commit();
            }

            progress?.Report((int)Math.Min((long)end * Chunk.Length, permutation.Size));
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    private void Finish(long id)
    {
        lock (gate)
            file.Connection.Execute("UPDATE pool SET state = @open WHERE id = @id", ("@open", (int)PoolState.Open), ("@id", id));
    }
}
