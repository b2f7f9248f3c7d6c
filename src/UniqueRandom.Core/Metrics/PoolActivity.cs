using UniqueRandom.Draws;
using UniqueRandom.Pools;

namespace UniqueRandom.Metrics;

/// <summary>What was drawn from one pool: a ring of the last 60 seconds, and the fill levels. Not thread-safe.</summary>
internal sealed class PoolActivity(PoolDefinition pool)
{
    private const int Seconds = CursorHistory.Seconds;

    private readonly PerSecond[] ring = new PerSecond[Seconds];
    private long[] levels = LevelsOf(pool);
    private long? lastEnd;

    public PoolDefinition Pool { get; private set; } = pool;

    public CursorHistory History { get; } = new();

    /// <summary>Adopts another size of the same pool, which was extended; pace and history go on.</summary>
    /// <returns>False, with nothing changed, if it is another pool.</returns>
    public bool TryResize(PoolDefinition other)
    {
        if (other.Range.Minimum != Pool.Range.Minimum || Pool with { Range = other.Range } != other)
            return false;
        (Pool, levels) = (other, LevelsOf(other));
        return true;
    }

    public DrawPace PaceAt(DateTimeOffset time)
    {
        var now = time.ToUnixTimeSeconds();
        long draws = 0, numbers = 0;
        foreach (var second in ring)
        {
            if (second.At > now - Seconds && second.At <= now)
                (draws, numbers) = (draws + second.Draws, numbers + second.Numbers);
        }

        return new DrawPace((double)draws / Seconds, (double)numbers / Seconds);
    }

    /// <summary>Counts a draw that took numbers.</summary>
    public void Count(in DrawOutcome outcome)
    {
        var at = outcome.DrawnAt.ToUnixTimeSeconds();
        ref var second = ref ring[at % Seconds];
        if (second.At != at)
            second = new PerSecond { At = at };
        second.Draws++;
        second.Numbers += outcome.Count;
        History.Record(at, outcome.Position, outcome.Position + outcome.Count);
    }

    /// <summary>Adds the fill levels that a draw has reached.</summary>
    /// <param name="outcome">A draw, a replay, or an exhausted pool: each shows positions that are drawn.</param>
    /// <param name="inDoubt">How many numbers may have been drawn unnoticed before it.</param>
    /// <param name="reached">Receives the levels.</param>
    public void FindLevels(in DrawOutcome outcome, long inDoubt, ref List<FillLevelReached>? reached)
    {
        var end = outcome.Position + outcome.Count;
        var start = inDoubt == 0 ? outcome.Position : lastEnd ?? Math.Max(0, outcome.Position - inDoubt);
        for (var i = 0; i < levels.Length; i++)
        {
            if (start >= levels[i] || levels[i] > end)
                continue;
            var isHighest = i == levels.Length - 1 || levels[i + 1] > end;
            (reached ??= []).Add(new FillLevelReached(Pool, DrawActivity.FillLevels[i], Pool.Range.Size - end, isHighest));
        }

        lastEnd = Math.Max(end, lastEnd ?? 0);
    }

    private static long[] LevelsOf(PoolDefinition pool) =>
        [.. DrawActivity.FillLevels.ToArray().Select(percent => DrawActivity.PositionOf(percent, pool.Range.Size))];

    private struct PerSecond
    {
        public long At;
        public long Draws;
        public long Numbers;
    }
}
