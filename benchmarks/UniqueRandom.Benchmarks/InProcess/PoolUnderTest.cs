using UniqueRandom.Benchmarks.Disk;
using UniqueRandom.Draws;
using UniqueRandom.Queueing;
using UniqueRandom.Storage.Sqlite;

namespace UniqueRandom.Benchmarks.InProcess;

/// <summary>
/// A pool in a file with a draw queue. It blocks, as the benchmarks do, because BenchmarkDotNet does not await in its own process
/// (its issue 1738).
/// </summary>
internal sealed class PoolUnderTest : IDisposable
{
    private readonly Workspace workspace = Workspace.Create();
    private readonly SqlitePoolStore store;
    private readonly DrawQueue queue;

    public PoolUnderTest(int size, double percentDrawn)
    {
        store = PreparedPool.OpenAsync(workspace.PathOf("pool.db"), size, percentDrawn).GetAwaiter().GetResult();
        queue = new DrawQueue(store, new DrawQueueOptions());
    }

    /// <summary>Draws one number after the other.</summary>
    public async Task DrawAsync(int draws)
    {
        for (; draws > 0; draws--)
        {
            var outcome = await queue.DrawAsync(new DrawRequest(PreparedPool.Name));
            if (outcome.Kind != DrawOutcomeKind.Drawn)
                throw new InvalidOperationException($"The draw ended as {outcome.Kind}.");
        }
    }

    public void Dispose()
    {
        queue.DisposeAsync().AsTask().GetAwaiter().GetResult();
        store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        workspace.Dispose();
    }
}
