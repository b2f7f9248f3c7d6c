namespace UniqueRandom.Storage.Sqlite;

/// <summary>What remains to be verified of a pool after a start.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Log">How far its log is verified.</param>
/// <param name="FirstChunk">The first chunk that is not verified.</param>
internal sealed record UnverifiedPool(StoredPool Pool, LogVerification Log, int FirstChunk)
{
    public bool IsDone => Log.IsDone && FirstChunk == Pool.ChunkCount;

    /// <summary>Creates a pool of which nothing is verified.</summary>
    public static UnverifiedPool Whole(StoredPool pool) =>
        new(pool, new LogVerification(pool.Definition.Name, pool.Cursor), FirstChunk: 0);
}
