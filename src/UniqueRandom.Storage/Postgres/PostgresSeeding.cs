using Npgsql;
using NpgsqlTypes;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;
using static UniqueRandom.Storage.Postgres.PostgresConnectionExtensions;

namespace UniqueRandom.Storage.Postgres;

/// <summary>
/// Writes one pool: a row in the state seeding, its chunks by binary COPY, and at last the state open. Until then nothing is drawn from it. An advisory
/// lock on the pool, held by this session, keeps other nodes from doing the same; if this node dies PostgreSQL releases it, and another one goes on behind the
/// last chunk, because the seed is stored first.
/// </summary>
internal sealed class PostgresSeeding
{
    /// <summary>How many chunks share a COPY and a transaction: 512 KiB.</summary>
    private const int ChunksAtOnce = 16;

    private const string Insert = """
        INSERT INTO uniquerandom.pool (name, minimum, maximum, state, cursor, seed, commitment, created_at) VALUES ($1, $2, $3, 0, 0, $4, $5, $6)
        ON CONFLICT (name) DO NOTHING
        """;

    private const string Claim = """
        SELECT p.id, p.seed, (SELECT count(*)::integer FROM uniquerandom.chunk c WHERE c.pool_id = p.id)
        FROM uniquerandom.pool p
        WHERE p.name = $1
          AND CASE WHEN p.state = 0 AND p.minimum = $2 AND p.maximum = $3 THEN pg_try_advisory_lock($4, p.id) ELSE false END
        """;

    private readonly PostgresSession session;
    private readonly PoolDefinition definition;
    private readonly int id;
    private readonly Seed seed;
    private readonly bool wasCutOff;
    private int stored;

    private PostgresSeeding(PostgresSession session, PoolDefinition definition, int id, Seed seed, int stored, bool wasCutOff)
    {
        (this.session, this.definition, this.id, this.seed) = (session, definition, id, seed);
        (this.stored, this.wasCutOff) = (stored, wasCutOff);
    }

    /// <summary>
    /// Whether it is not forgotten again: its creation was cut off once, so that its commitment may be known to somebody, or is cut off now, with its connection.
    /// </summary>
    public bool IsKept => wasCutOff || session.IsLost;

    private long Stored => Chunk.OffsetsIn(stored, definition.Range.Size);

    /// <summary>Takes a pool of this definition to be seeded: a new one, or one whose seeding was cut off.</summary>
    /// <returns>Null when the name is taken, or another node is at work on it; the session is the caller's then.</returns>
    /// <exception cref="StoreException">It could not be recorded.</exception>
    /// <exception cref="NpgsqlException">It could not be recorded.</exception>
    public static async Task<PostgresSeeding?> TryClaimAsync(PostgresSession session, PoolDefinition definition, Seed seed, DateTimeOffset now)
    {
        var (minimum, maximum) = (definition.Range.Minimum.ToParameter(), definition.Range.Maximum.ToParameter());
        var insert = Statement(
            Insert, definition.Name.ToParameter(), minimum, maximum, seed.Bytes.ToArray().ToParameter(), Commitment.To(seed, definition.Range).Bytes.ToArray().ToParameter(), now.ToParameter());
        var claim = Statement(Claim, definition.Name.ToParameter(), minimum.TypedValue.ToParameter(), maximum.TypedValue.ToParameter(), PostgresSchema.LockClass.ToParameter());
        PostgresSeeding? claimed = null;
        // The lock is there before anybody sees the row, and outlasts the transaction.
        await session.BeginAsync([insert, claim], async rows =>
        {
            if (await rows.ReadAsync())
                claimed = new(session, definition, rows.GetInt32(0), new Seed(rows.GetFieldValue<byte[]>(1)), rows.GetInt32(2), insert.Rows == 0);
        });
        if (claimed is null)
            await session.RollBackAsync();
        else
            await session.CommitAsync([]);
        return claimed;
    }

    /// <summary>Stores the chunks that are not stored yet, and opens the pool.</summary>
    /// <exception cref="StoreException">It could not be recorded.</exception>
    /// <exception cref="NpgsqlException">It could not be recorded.</exception>
    public async Task FinishAsync(bool besideDraws, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        progress?.Report(Stored);
        var makeWay = Pacing.Of(definition.Range.Size, besideDraws);
        using var permutation = await Task.Factory.StartNew(
            () => Permutation.Shuffle(seed, definition.Range.Size, makeWay, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        for (var count = Chunk.CountOf(definition.Range.Size); stored < count;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var next = Math.Min(stored + ChunksAtOnce, count);
            // Copied before: a COPY that is given up may still be at work when the permutation's memory is freed.
            var chunks = Encode(permutation, stored, next);
            await session.UseAsync(connection => CopyAsync(connection, chunks));
            stored = next;
            progress?.Report(Stored);
        }

        cancellationToken.ThrowIfCancellationRequested();
        await session.BeginAsync([Statement("UPDATE uniquerandom.pool SET state = 1 WHERE id = $1", id.ToParameter())], _ => Task.CompletedTask);
        await session.CommitAsync([]);
    }

    /// <summary>Removes a pool that was never open.</summary>
    public async Task RemoveAsync()
    {
        await session.BeginAsync(
            [Statement("DELETE FROM uniquerandom.chunk WHERE pool_id = $1", id.ToParameter()), Statement("DELETE FROM uniquerandom.pool WHERE id = $1", id.ToParameter())],
            _ => Task.CompletedTask);
        await session.CommitAsync([]);
    }

    private async Task CopyAsync(NpgsqlConnection connection, IReadOnlyList<(int Number, byte[] Bytes)> chunks)
    {
        var commitment = Commitment.To(seed, definition.Range);
        await using var copy = await connection.BeginBinaryImportAsync("COPY uniquerandom.chunk (pool_id, number, checksum, offsets) FROM STDIN (FORMAT BINARY)");
        foreach (var (number, bytes) in chunks)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(id, NpgsqlDbType.Integer);
            await copy.WriteAsync(number, NpgsqlDbType.Integer);
            await copy.WriteAsync((long)Chunk.Checksum(commitment.Bytes, number, bytes), NpgsqlDbType.Bigint);
            await copy.WriteAsync(bytes, NpgsqlDbType.Bytea);
        }

        await copy.CompleteAsync();
    }

    private static (int Number, byte[] Bytes)[] Encode(Permutation permutation, int first, int end)
    {
        var chunks = new (int Number, byte[] Bytes)[end - first];
        for (var number = first; number < end; number++)
        {
            var offsets = permutation.Offsets.Slice(number * Chunk.Length, Chunk.LengthOf(number, permutation.Size));
            var bytes = new byte[offsets.Length * sizeof(uint)];
            Chunk.Encode(offsets, bytes);
            chunks[number - first] = (number, bytes);
        }

        return chunks;
    }
}
