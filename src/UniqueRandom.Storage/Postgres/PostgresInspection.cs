using Npgsql;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>Verifies data that draws and replays rely on, while other nodes may draw. Changes nothing.</summary>
internal sealed class PostgresInspection(PostgresHosts hosts, PostgresChunks chunks)
{
    private const int RowsAtOnce = 10_000;

    // One statement, so that cursors and logs are consistent while other nodes draw.
    private const string Ends = """
        SELECT p.name, p.cursor, coalesce(d.first + d.count, 0) FROM uniquerandom.pool p
        LEFT JOIN LATERAL (
            SELECT first, count FROM uniquerandom.draw e WHERE e.pool_id = p.id ORDER BY e.first DESC LIMIT 1
        ) d ON true
        """;

    private const string Rows =
        "SELECT first, count FROM uniquerandom.draw WHERE pool_id = $1 AND first >= $2 ORDER BY first LIMIT $3";

    /// <summary>Verifies what the next draws rely on, and then as much as a budget allows.</summary>
    /// <returns>What is left to verify.</returns>
    /// <exception cref="StoreRefusedException">A pool can't be served.</exception>
    public async Task<IReadOnlyList<UnverifiedPool>> VerifyStartAsync(
        string place, PoolDefinition? expected, CancellationToken cancellationToken)
    {
        var all = await PostgresPools.ListStoredAsync(hosts, cancellationToken);
        // Otherwise the start would create the pool anew, without the numbers that are in use.
        if (all.Find(pool => pool.Row.IsIncomplete && pool.Row.Name == expected?.Name) is { Row: { } incomplete })
            throw Damage.OfIncompleteImport(place, incomplete.Name);
        var pools = Unverified(all);
        foreach (var pool in pools)
        {
            var created = pool.Stored.Segments[0].Part;
            if (created.Name == expected?.Name && created.Range != expected.Range)
                throw Damage.OfRange(place, created, expected);
        }

        var (budget, unverified) = (new StartBudget(), new List<UnverifiedPool>());
        foreach (var pool in pools)
        {
            await VerifyLogAsync(pool, budget.TakeRows((int)Math.Min(pool.Cursor, int.MaxValue)), cancellationToken);
            var count = budget.TakeChunks(pool.EndChunk);
            foreach (var segment in pool.Stored.Segments)
            {
                var end = Math.Clamp(count - segment.FirstChunk, 0, segment.ChunkCount);
                await chunks.ReadAsync(segment, 0, end, static (_, _) => { }, cancellationToken);
            }

            pool.FirstChunk = count;
            if (!pool.Log.IsDone || pool.FirstChunk < pool.EndChunk)
                unverified.Add(pool);
        }

        await hosts.ReadAsync(connection => VerifyEndsAsync(connection, cancellationToken), cancellationToken);
        return unverified;
    }

    /// <summary>Verifies what a start has left of some pools.</summary>
    /// <param name="pools">The pools.</param>
    /// <param name="besideDraws">Whether to leave other pools time, while the order of a large one is computed.</param>
    /// <param name="verifiesOrder">Whether the permutations are compared with those of the seeds.</param>
    /// <param name="progress">Receives how many numbers are verified; null for none.</param>
    /// <param name="cancellationToken">Cancels the verification.</param>
    /// <exception cref="StoreException">Something is damaged, or could not be read.</exception>
    /// <exception cref="StoreRefusedException">A log is damaged.</exception>
    public async Task VerifyRestAsync(
        IReadOnlyList<UnverifiedPool> pools,
        bool besideDraws,
        bool verifiesOrder,
        IProgress<long>? progress,
        CancellationToken cancellationToken)
    {
        long verified = 0;
        foreach (var pool in pools)
        {
            foreach (var (segment, seed) in pool.Stored.Segments.Zip(pool.Seeds))
            {
                var (first, part) = (Math.Max(0, pool.FirstChunk - segment.FirstChunk), segment.Part);
                using var imported = verifiesOrder && segment.First == 0
                    ? await chunks.ReadImportedAsync(segment, pool.Imported, cancellationToken)
                    : null;
                using var order = verifiesOrder && part.StoredSize > 0
                    ? await Task.Run(
                        () => new OrderVerification(
                            part, seed, imported?.Complete(), Pacing.For(part.Range.Size, besideDraws), cancellationToken),
                        cancellationToken)
                    : null;
                for (; first < segment.ChunkCount; first += PostgresChunks.ReadAtOnce)
                {
                    var end = Math.Min(first + PostgresChunks.ReadAtOnce, segment.ChunkCount);
                    await chunks.ReadAsync(
                        segment, first, end, (number, bytes) => order?.Verify(number, bytes), cancellationToken);
                    progress?.Report(verified + Chunk.OffsetsIn(end, part.StoredSize));
                }

                verified += part.StoredSize;
            }

            pool.FirstChunk = pool.EndChunk;
            await VerifyLogAsync(pool, long.MaxValue, cancellationToken);
        }
    }

    /// <summary>Reads the pools that are stored whole, with nothing verified.</summary>
    public async Task<IReadOnlyList<UnverifiedPool>> ListAsync(CancellationToken cancellationToken) =>
        Unverified(await PostgresPools.ListStoredAsync(hosts, cancellationToken));

    private static UnverifiedPool[] Unverified(List<(PostgresPool Stored, PoolRow Row)> pools) =>
    [
        .. pools.Where(pool => pool.Row.State != PoolState.Seeding).Select(pool => new UnverifiedPool(pool.Stored, pool.Row)),
    ];

    private static async Task<bool> VerifyEndsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(Ends);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
            new LogVerification(row.GetString(0), row.GetInt64(1)).VerifyEnd(row.GetInt64(2));
        return true;
    }

    private async Task VerifyLogAsync(UnverifiedPool pool, long limit, CancellationToken cancellationToken)
    {
        for (var left = limit; !pool.Log.IsDone && left > 0; left -= RowsAtOnce)
        {
            var count = (int)Math.Min(left, RowsAtOnce);
            await hosts.ReadAsync(connection => ReadRowsAsync(connection, pool, count, cancellationToken), cancellationToken);
        }
    }

    private static async Task<bool> ReadRowsAsync(
        NpgsqlConnection connection, UnverifiedPool pool, int limit, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(Rows, pool.Stored.Id, pool.Log.End, limit);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var count = 0;
        for (; await row.ReadAsync(cancellationToken); count++)
            pool.Log.Add(row.GetInt64(0), row.GetInt64(1));
        if (count < limit && !pool.Log.IsDone)
            pool.Log.VerifyEnd(pool.Log.End);
        return true;
    }

    /// <summary>How far a pool is verified.</summary>
    internal sealed class UnverifiedPool(PostgresPool stored, PoolRow row)
    {
        public PostgresPool Stored => stored;

        /// <summary>Gets the seeds of the segments.</summary>
        public IEnumerable<Seed> Seeds => [row.Seed, .. row.Extensions.Select(extension => extension.Seed)];

        public ImportedList? Imported => row.Imported;

        public long Cursor => row.Cursor;

        public PoolState State => row.Cursor == row.Definition.Range.Size ? PoolState.Exhausted : row.State;

        public LogVerification Log { get; } = new(stored.Definition.Name, row.Cursor);

        public int FirstChunk { get; set; }

        public int EndChunk => stored.Segments[^1].FirstChunk + stored.Segments[^1].ChunkCount;
    }
}
