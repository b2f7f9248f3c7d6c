using UniqueRandom.Metrics;
using UniqueRandom.Pools;

namespace UniqueRandom.Server.Answers;

/// <summary>A pool in the events.</summary>
/// <param name="Status">
/// The same as the body of GET /pools/{pool}, without seeds if the pool has codes: all viewers get the same.
/// </param>
/// <param name="History">
/// How many numbers were drawn in each of the last 60 seconds, the current one last, up to the cursor of the status; null if
/// nothing is known.
/// </param>
internal sealed record WatchedPool(PoolStatus Status, IReadOnlyList<long>? History)
{
    public static WatchedPool Of(Pool pool, DrawActivity activity, DateTimeOffset now) => new(
        PoolStatus.Of(pool.Definition.Code is null ? pool : pool.WithoutSeeds(), activity.PaceOf(pool.Definition.Name), now),
        activity.HistoryOf(pool.Definition.Name, pool.Cursor));
}
