using UniqueRandom.Permutations;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>What a start has left to verify of a pool.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Log">How far its log is verified.</param>
/// <param name="FirstChunk">The first chunk that is not verified.</param>
internal sealed record UnverifiedPool(StoredPool Pool, LogVerification Log, int FirstChunk)
{
    public int EndChunk => Chunk.CountOf(Pool.Definition.Range.Size);

    public bool IsDone => Log.IsDone && FirstChunk == EndChunk;
}
