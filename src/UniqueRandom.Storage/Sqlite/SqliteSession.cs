using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>The verified, open file and its pools. Guarded by the store's gate.</summary>
internal sealed class SqliteSession : IDisposable
{
    /// <summary>In ordinal order.</summary>
    private readonly List<string> names;

    private readonly HighWaterMark mark;

    private SqliteSession(SqliteFile file, ChunkReader chunks, HighWaterMark mark, Dictionary<string, StoredPool> pools)
    {
        this.mark = mark;
        File = file;
        Chunks = chunks;
        Pools = pools;
        names = [.. pools.Keys.Order(StringComparer.Ordinal)];
        Log = new SqliteLog(file);
        Committer = new SqliteCommitter(file, chunks, Log, mark, pools);
    }

    public SqliteFile File { get; }

    public Dictionary<string, StoredPool> Pools { get; }

    public ChunkReader Chunks { get; }

    public SqliteLog Log { get; }

    public SqliteCommitter Committer { get; }

    /// <summary>Gets what remains to be verified after the start.</summary>
    public required IReadOnlyList<UnverifiedPool> Unverified { get; init; }

    /// <exception cref="StoreRefusedException">The file can't be served from.</exception>
    public static SqliteSession Open(string path, PoolDefinition? expected, MarkOptions options, TimeProvider time)
    {
        var markPath = SqliteMark.PathFor(path, options);
        SqliteMark.RefuseNew(path, markPath, options.Resume);
        var file = SqliteFile.Open(path);
        ChunkReader? chunks = null;
        try
        {
            if (SqliteSchema.ReadTransfer(file.Connection) is { } transfer)
                throw new StoreRefusedException($"The database '{file.Path}' {transfer.Reason}");
            chunks = new ChunkReader(file);
            var (found, unverified) = SqliteInspection.Read(file, chunks, expected);
            var pools = found.ToDictionary(pool => pool.Definition.Name, StringComparer.Ordinal);
            using var compared = SqliteMark.Compare(file, markPath, Whole());
            var moves = compared.PlanResume(Whole(), chunks, options.Resume);
            file.Claim();
            SqliteSchema.Upgrade(file.Connection);
            RemoveUnexpected(file, pools, expected);
            if (moves is not null)
                compared.Resume(Whole(), moves, time.GetStoredNow());
            return new SqliteSession(file, chunks, compared.Open(Whole(), time), pools) { Unverified = unverified };

            List<StoredPool> Whole() => [.. pools.Values.Where(pool => !pool.IsAbandoned)];
        }
        catch (Exception error)
        {
            // First, because a statement that is not finalized keeps the file open, and its log beside it.
            chunks?.Dispose();
            file.Release();
            throw error switch
            {
                IOException or UnauthorizedAccessException => new StoreRefusedException(
                    $"The mark '{markPath}' can't be written ({error.Message.TrimEnd('.')}); check its disk.", error),
                _ => SqliteErrors.ToRefusal(file.Path, error),
            };
        }
    }

    /// <summary>Gets all pools in their current state, in the ordinal order of their names.</summary>
    public IReadOnlyList<Pool> Snapshot() => [.. PoolsAfter(null).Select(pool => pool.Snapshot())];

    /// <summary>Gets the pools whose names are after a name in ordinal order; all if it is null.</summary>
    public IEnumerable<StoredPool> PoolsAfter(string? name)
    {
        var place = name is null ? ~0 : names.BinarySearch(name, StringComparer.Ordinal);
        return names.Skip(place < 0 ? ~place : place + 1).Select(next => Pools[next]);
    }

    /// <summary>Records a pool, unless the name is taken.</summary>
    /// <exception cref="InsufficientDiskException">The disk has no room for it.</exception>
    public PoolCreation Create(PoolDefinition definition, ImportedList? imported, Seed seed, DateTimeOffset now)
    {
        if (Pools.TryGetValue(definition.Name, out var existing))
            return new PoolCreation(existing.Snapshot(), IsNew: false);

        File.ThrowIfMoved();
        SqliteDisk.Require(File, definition, NotStored());
        mark.MakeRoom();
        var pool = SqliteSeeding.Record(File, definition, imported, seed, now);
        pool.Mark = mark.Add(pool.MarkKey, definition.Range.Size, pool.Cursor);
        Pools.Add(definition.Name, pool);
        names.Insert(~names.BinarySearch(definition.Name, StringComparer.Ordinal), definition.Name);
        return new PoolCreation(pool.Snapshot(), IsNew: true);
    }

    /// <summary>Adds a segment to a pool, unless it can't have it.</summary>
    /// <exception cref="InsufficientMemoryException">The machine does not have the memory for its shuffle.</exception>
    /// <exception cref="InsufficientDiskException">The disk has no room for it.</exception>
    public PoolExtension Extend(ExtensionRequest request, Seed seed, DateTimeOffset now)
    {
        var pool = Pools.GetValueOrDefault(request.Pool);
        if (request.Key is not null && SqliteSegments.Find(File, request.Key, request.Caller) is { } used)
        {
            return used.PoolId == pool?.Id && request.IsSame(pool.Definition, used.Maximum, used.Order)
                ? new PoolExtension(ExtensionOutcome.Replayed, pool.Snapshot())
                : new PoolExtension(ExtensionOutcome.KeyConflict);
        }

        if (pool is null)
            return new PoolExtension(ExtensionOutcome.NotFound);
        if (request.Refuse(pool.Snapshot()) is { } refusal)
            return refusal;
        var part = request.PartOf(pool.Definition);
        Permutation.RequireMemory(part.StoredSize);
        File.ThrowIfMoved();
        SqliteDisk.Require(File, part, NotStored());
        SqliteSegments.Record(File, pool, part, seed, request, now);
        return new PoolExtension(ExtensionOutcome.Recorded, pool.Snapshot());
    }

    /// <summary>Records that the imported numbers of a pool are stored, and therefore drawn.</summary>
    /// <exception cref="StoreException">It could not be recorded.</exception>
    public void CompleteImport(StoredPool pool, string? caller, DateTimeOffset now)
    {
        File.ThrowIfMoved();
        var count = pool.Imported!.Count;
        mark.ReserveImported(pool.Mark, count);
        using (var transaction = File.Connection.BeginTransaction())
        {
            SqliteLog.MoveCursor(File, pool, count, now, Reference.Imported, caller);
            transaction.Commit();
        }

        pool.Advance(count, lastRow: null);
        mark.Acknowledge(pool.Mark, count);
    }

    /// <summary>Removes a part of a pool whose import is incomplete.</summary>
    /// <returns>Whether the pool is removed.</returns>
    public bool RemoveNext(StoredPool pool)
    {
        File.ThrowIfMoved();
        if (!SqliteSeeding.RemoveNext(File, pool))
            return false;
        Pools.Remove(pool.Definition.Name);
        names.Remove(pool.Definition.Name);
        return true;
    }

    public void Close(StoredPool pool, DateTimeOffset now)
    {
        File.ThrowIfMoved();
        File.Connection.Execute(
            "UPDATE pool SET state = @closed, closed_at = @now WHERE id = @id",
            ("@closed", (int)PoolState.Closed), ("@now", now.ToUnixTimeMilliseconds()), ("@id", pool.Id));
        pool.State = PoolState.Closed;
        pool.ClosedAt = now;
    }

    /// <summary>Searches a part of the positions that are drawn. See <see cref="NumberSource.Search"/>.</summary>
    public bool Search(StoredPool pool, long number, int part, out long? position) =>
        pool.Behind.Search(number, pool.Drawn, part, Chunks, out position);

    /// <summary>Reads the numbers at some drawn positions.</summary>
    public void Sample(StoredPool pool, ReadOnlySpan<long> positions, Span<long> numbers, NumberSource source)
    {
        for (var i = 0; i < positions.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(positions[i], nameof(positions));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(positions[i], pool.Drawn, nameof(positions));
            numbers[i] = source.NumberAt(positions[i], Chunks);
        }
    }

    /// <summary>Marks the database as closed, and writes its log back. Only <see cref="Dispose"/> may follow.</summary>
    /// <exception cref="StoreException">It failed; database and log are left as after a crash.</exception>
    public void Close()
    {
        FinalizeStatements();
        File.ThrowIfMoved();
        // First, because a closed database must not be below its ceilings.
        mark.Close();
        File.Close();
    }

    /// <summary>Releases the file, whether or not it was closed.</summary>
    public void Dispose()
    {
        foreach (var pool in Pools.Values)
            pool.Dispose();
        FinalizeStatements();
        mark.Dispose();
        File.Dispose();
    }

    /// <summary>How many numbers are recorded and not stored yet.</summary>
    private long NotStored() =>
        Pools.Values.Where(pool => !pool.IsAbandoned).Select(pool => pool.Unfinished).OfType<StoredSegment>()
            .Sum(segment => segment.Part.Range.Size - segment.Seeded);

    private void FinalizeStatements()
    {
        Committer.Dispose();
        Log.Dispose();
        Chunks.Dispose();
    }

    /// <summary>
    /// Removes an unfinished pool that is expected with another range: no client knows the pool of an interrupted first start.
    /// </summary>
    private static void RemoveUnexpected(SqliteFile file, Dictionary<string, StoredPool> pools, PoolDefinition? expected)
    {
        if (expected is null || !pools.TryGetValue(expected.Name, out var pool)
            || pool.Definition.Range == expected.Range || pool is not { State: PoolState.Seeding, Cursor: 0 })
        {
            return;
        }

        while (!SqliteSeeding.RemoveNext(file, pool))
        {
        }

        pools.Remove(expected.Name);
    }
}
