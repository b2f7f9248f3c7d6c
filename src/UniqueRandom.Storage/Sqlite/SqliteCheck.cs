using Microsoft.Data.Sqlite;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Checks a database file that no server uses. Changes nothing.</summary>
public sealed class SqliteCheck : IDisposable
{
    private readonly SqliteFile file;
    private readonly ChunkReader chunks;

    private SqliteCheck(SqliteFile file)
    {
        this.file = file;
        chunks = new ChunkReader(file);
    }

    internal List<StoredPool> Pools { get; private set; } = [];

    internal ChunkReader Chunks => chunks;

    internal SqliteFile File => file;

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
        using var check = Open(path, cancellationToken);
        check.VerifyStructure();
        check.VerifyOrders(progress, cancellationToken);
        return [.. check.Pools.Select(pool => new CheckedPool(pool.Definition, pool.Snapshot().State, pool.Cursor))];
    }

    /// <summary>Opens a file that exists, and verifies checksums and logs.</summary>
    /// <exception cref="StoreRefusedException">The file is damaged, in use, or can't be read.</exception>
    internal static SqliteCheck Open(string path, CancellationToken cancellationToken)
    {
        if (!System.IO.File.Exists(path))
            throw new StoreRefusedException($"There is no file '{path}'; name a database.");
        if (new FileInfo(path).Length == 0)
            throw new StoreRefusedException($"The file '{path}' is empty; name a database.");
        var check = new SqliteCheck(SqliteFile.Open(path));
        try
        {
            check.Read(cancellationToken);
            return check;
        }
        catch (Exception error)
        {
            check.Dispose();
            throw error switch
            {
                SqliteException sqlite => new StoreRefusedException(SqliteErrors.DescribeOpenFailure(path, sqlite), sqlite),
                StoreException store => new StoreRefusedException(store.Message, store),
                _ => error,
            };
        }
    }

    /// <summary>Releases the file.</summary>
    public void Dispose()
    {
        chunks.Dispose();
        file.Dispose();
    }

    private void Read(CancellationToken cancellationToken)
    {
        (Pools, var unverified) = SqliteInspection.Read(file, chunks, expected: null);
        var verification = Verification(cancellationToken);
        foreach (var pool in unverified)
        {
            verification.VerifyChunks(pool.Pool, pool.FirstChunk, pool.EndChunk);
            verification.VerifyLog(pool.Pool, pool.Log);
        }
    }

    private void VerifyStructure()
    {
        // The index of the keys is read by replays only, so nothing else would find damage in it.
        var answer = file.Connection.Text("PRAGMA integrity_check(1)");
        if (answer != "ok")
            throw new StoreRefusedException($"The database '{file.Path}' is damaged: {answer}. Restore {Damage.Backup}");
    }

    private void VerifyOrders(IProgress<CheckProgress>? progress, CancellationToken cancellationToken)
    {
        var (done, total) = (0L, Pools.Sum(pool => pool.Definition.Range.Size));
        foreach (var pool in Pools.Where(pool => pool.State != PoolState.Seeding))
        {
            var size = pool.Definition.Range.Size;
            using var order = new OrderVerification(pool.Definition, pool.Seed, between: null, cancellationToken);
            try
            {
                var start = done;
                var count = 0;
                Verification(cancellationToken).VerifyChunks(pool, 0, Chunk.CountOf(size), order, verified =>
                    progress?.Report(new CheckProgress(start + Chunk.OffsetsIn(count += verified, size), total)));
            }
            catch (StoreException error)
            {
                throw new StoreRefusedException(error.Message, error);
            }

            done += size;
        }
    }

    private SqliteVerification Verification(CancellationToken cancellationToken) =>
        new(slice => slice(file, chunks), cancellationToken);
}
