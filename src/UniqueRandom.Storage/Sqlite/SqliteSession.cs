using Microsoft.Data.Sqlite;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>A verified, open file with its pools, from the opening of the store to its end. Guarded by the store's gate.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly ChunkReader chunks;

    private SqliteSession(SqliteFile file, ChunkReader chunks, Dictionary<string, StoredPool> pools)
    {
        this.chunks = chunks;
        File = file;
        Pools = pools;
        Committer = new SqliteCommitter(file, chunks, pools);
    }

    public SqliteFile File { get; }

    public Dictionary<string, StoredPool> Pools { get; }

    public SqliteCommitter Committer { get; }

    /// <exception cref="StoreRefusedException">The file can't be served from.</exception>
    public static SqliteSession Open(string path, PoolDefinition? expected)
    {
        var file = SqliteFile.Open(path);
        ChunkReader? chunks = null;
        try
        {
            chunks = new ChunkReader(file);
            var pools = SqliteInspection.Read(file, chunks, expected).ToDictionary(pool => pool.Definition.Name, StringComparer.Ordinal);
            SqliteSeeding.RemoveUnfinished(file);
            file.Claim();
            return new SqliteSession(file, chunks, pools);
        }
        catch (Exception error)
        {
            // First, because a statement that is left keeps the file open, and its log beside it.
            chunks?.Dispose();
            file.Dispose();
            throw error switch
            {
                SqliteException sqlite => new StoreRefusedException(SqliteErrors.ExplainOpening(file.Path, sqlite), sqlite),
                StoreException store => new StoreRefusedException(store.Message, store),
                _ => error,
            };
        }
    }

    public void Dispose()
    {
        Committer.Dispose();
        chunks.Dispose();
        File.Dispose();
    }
}
