using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Checks a database file that no server uses. Changes nothing.</summary>
public sealed class SqliteCheck : IDisposable
{
    private readonly string path;
    private readonly ChunkReader chunks;
    private List<StoredPool> pools = [];

    private SqliteCheck(string path)
    {
        this.path = path;
        File = SqliteFile.Open(path);
        chunks = new ChunkReader(File);
    }

    internal SqliteFile File { get; }

    internal ChunkReader Chunks => chunks;

    internal IReadOnlyList<StoredPool> Pools => pools;

    /// <summary>
    /// Checks everything: SQLite's own structure, all checksums, that each permutation is the one of its seed and each seed the
    /// one of its commitment, and that each log covers the positions before the cursor.
    /// </summary>
    /// <param name="path">The database.</param>
    /// <param name="progress">Receives the progress, or null.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <returns>The pools.</returns>
    /// <exception cref="StoreRefusedException">The file is damaged, in use, or can't be read. The message says so.</exception>
    /// <exception cref="InsufficientMemoryException">Less memory is free than the order of a pool needs.</exception>
    public static IReadOnlyList<CheckedPool> Run(
        string path, IProgress<CheckProgress>? progress, CancellationToken cancellationToken)
    {
        using var check = Open(path);
        check.VerifyEverything(progress, cancellationToken);
        return [.. check.Pools.Select(pool => new CheckedPool(pool.Definition, pool.Snapshot().State, pool.Cursor))];
    }

    /// <summary>Checks all checksums and logs of a file.</summary>
    /// <exception cref="StoreRefusedException">The file is damaged, in use, or can't be read.</exception>
    internal static void RunBriefly(string path, CancellationToken cancellationToken)
    {
        using var check = new SqliteCheck(path);
        check.Guard(() => SqliteInspection.ReadAll(check.File, check.chunks, cancellationToken));
    }

    /// <summary>Opens a file that exists, and verifies what a start does.</summary>
    /// <exception cref="StoreRefusedException">The file is damaged, in use, or can't be read.</exception>
    internal static SqliteCheck Open(string path)
    {
        if (!System.IO.File.Exists(path))
            throw new StoreRefusedException($"There is no file '{path}'; name a database.");
        if (new FileInfo(path).Length == 0)
            throw new StoreRefusedException($"The file '{path}' is empty; name a database.");
        var check = new SqliteCheck(path);
        try
        {
            check.Guard(() =>
            {
                if (SqliteSchema.ReadTransfer(check.File.Connection) is { MovedTo: null } unfinished)
                    throw new StoreRefusedException($"The database '{path}' {unfinished.Reason}");
                var (found, _) = SqliteInspection.Read(check.File, check.chunks, expected: null);
                check.pools = [.. found.Where(pool => !pool.IsAbandoned)];
            });
            return check;
        }
        catch
        {
            check.Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="Run"/>
    internal void VerifyEverything(IProgress<CheckProgress>? progress, CancellationToken cancellationToken) => Guard(() =>
    {
        VerifyStructure();
        var counter = new CheckCounter(progress, pools.Sum(pool => pool.StoredSize));
        new SqliteVerification(slice => slice(File, chunks), cancellationToken).Verify(
            pools.Where(pool => pool.State != PoolState.Seeding).Select(UnverifiedPool.Whole),
            (segment, imported) => new OrderVerification(
                segment.Part, segment.Seed, imported, between: null, cancellationToken),
            counter);
    });

    /// <summary>Releases the file.</summary>
    public void Dispose()
    {
        chunks.Dispose();
        File.Dispose();
    }

    private void VerifyStructure()
    {
        // The index of the keys is read by replays only, so nothing else would find damage in it.
        var answer = File.Connection.Text("PRAGMA integrity_check(1)");
        if (answer != "ok")
            throw new StoreRefusedException($"The database '{File.Path}' is damaged: {answer}. Restore {Damage.Backup}");
    }

    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (Exception error)
        {
            throw SqliteErrors.ToRefusal(path, error);
        }
    }
}
