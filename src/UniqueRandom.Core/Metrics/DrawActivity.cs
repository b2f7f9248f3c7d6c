using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using UniqueRandom.Draws;
using UniqueRandom.Pools;

namespace UniqueRandom.Metrics;

/// <summary>A pool is filled up to a level for the first time.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Percent">One of <see cref="DrawActivity.FillLevels"/>.</param>
/// <param name="Remaining">How many numbers are left.</param>
public readonly record struct FillLevelReached(PoolDefinition Pool, int Percent, long Remaining);

/// <summary>
/// What a queue has drawn: how fast over the last minute, and which fill levels were crossed. Every position is drawn once, so exactly one
/// draw crosses a level, whichever process commits it. Thread-safe.
/// </summary>
/// <remarks>
/// Publishes the counter <c>uniquerandom.pool.fill_levels</c> of the meter <see cref="MeterName"/>, with the tags <c>pool</c> and <c>percent</c>.
/// </remarks>
public sealed class DrawActivity : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "UniqueRandom";

    private const int Seconds = 60;

    private readonly TimeProvider time;
    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> fillLevels;
    private readonly Lock gate = new();
    private readonly Dictionary<string, PerSecond[]> pools = new(StringComparer.Ordinal);

    /// <summary>Creates it with the clock that dates the draws.</summary>
    public DrawActivity(TimeProvider time)
    {
        this.time = time;
        fillLevels = meter.CreateCounter<long>("uniquerandom.pool.fill_levels", "{crossing}", "Fill levels that a pool was drawn up to, each once.");
    }

    /// <summary>The fill levels that are told, in per cent, ascending: 80, 95, 99 and 100.</summary>
    public static ReadOnlySpan<int> FillLevels => [80, 95, 99, 100];

    /// <summary>Told once for each level that a draw crosses, on the thread that committed it, before the draw is answered.</summary>
    public event Action<FillLevelReached>? FillLevelReached;

    /// <summary>How fast a pool was drawn from over the last 60 seconds, by this queue.</summary>
    public DrawPace PaceOf(string pool)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        long draws = 0, numbers = 0;
        lock (gate)
        {
            foreach (var second in pools.GetValueOrDefault(pool) ?? [])
            {
                if (second.At > now - Seconds && second.At <= now)
                    (draws, numbers) = (draws + second.Draws, numbers + second.Numbers);
            }
        }

        return new DrawPace((double)draws / Seconds, (double)numbers / Seconds);
    }

    /// <summary>Stops publishing.</summary>
    public void Dispose() => meter.Dispose();

    /// <summary>Counts a batch that was committed.</summary>
    internal void Record(ReadOnlySpan<DrawOutcome> outcomes)
    {
        lock (gate)
        {
            PoolDefinition? pool = null;
            var seconds = Array.Empty<PerSecond>();
            foreach (ref readonly var outcome in outcomes)
            {
                if (outcome.Kind != DrawOutcomeKind.Drawn || outcome.IsReplayed)
                    continue;
                if (outcome.Pool != pool)
                    seconds = SecondsOf(pool = outcome.Pool!);
                Count(seconds, outcome);
            }
        }

        foreach (ref readonly var outcome in outcomes)
        {
            if (outcome.Kind == DrawOutcomeKind.Drawn && !outcome.IsReplayed)
                TellFillLevels(outcome);
        }
    }

    private PerSecond[] SecondsOf(PoolDefinition pool)
    {
        ref var seconds = ref CollectionsMarshal.GetValueRefOrAddDefault(pools, pool.Name, out _);
        return seconds ??= new PerSecond[Seconds];
    }

    private static void Count(PerSecond[] seconds, in DrawOutcome outcome)
    {
        var at = outcome.DrawnAt.ToUnixTimeSeconds();
        ref var second = ref seconds[at % Seconds];
        if (second.At != at)
            second = new PerSecond { At = at };
        second.Draws++;
        second.Numbers += outcome.Count;
    }

    private void TellFillLevels(in DrawOutcome outcome)
    {
        // Nearly every draw crosses none.
        foreach (var percent in FillLevels)
            TellIfCrossed(percent, outcome);
    }

    private void TellIfCrossed(int percent, in DrawOutcome outcome)
    {
        var (before, level) = (100L * outcome.Position, (long)percent * outcome.Pool!.Range.Size);
        if (before >= level || before + 100L * outcome.Count < level)
            return;
        fillLevels.Add(1, new("pool", outcome.Pool.Name), new("percent", percent));
        FillLevelReached?.Invoke(new FillLevelReached(outcome.Pool, percent, outcome.Remaining));
    }

    private struct PerSecond
    {
        public long At;
        public long Draws;
        public long Numbers;
    }
}
