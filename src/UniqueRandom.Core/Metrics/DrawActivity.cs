using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Metrics;

/// <summary>A pool that has reached a fill level.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Percent">One of <see cref="DrawActivity.FillLevels"/>.</param>
/// <param name="Remaining">How many numbers are left.</param>
/// <param name="IsHighest">Whether the same draw has reached no higher one.</param>
public readonly record struct FillLevelReached(PoolDefinition Pool, int Percent, long Remaining, bool IsHighest);

/// <summary>
/// Measures what a queue draws: the pace of each pool over the last minute, and the fill levels that its draws reach.
/// Thread-safe.
/// </summary>
/// <remarks>
/// <para>Every position is drawn once, so exactly one draw reaches a level, whichever process commits it. Only after a batch in
/// doubt may a level be reported twice, so that it is never missed.</para>
/// <para>Publishes instruments of the meter <see cref="MeterName"/>: the counters <c>uniquerandom.draws</c>,
/// <c>uniquerandom.numbers</c> and <c>uniquerandom.pool.fill_levels</c>, the histograms <c>uniquerandom.batch.size</c>,
/// <c>uniquerandom.commit.duration</c> and <c>uniquerandom.queue.wait.duration</c>, and the depth of each queue,
/// <c>uniquerandom.queue.depth</c>.</para>
/// </remarks>
public sealed class DrawActivity : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "UniqueRandom";

    private readonly TimeProvider time;
    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> fillLevels;
    private readonly DrawInstruments instruments;
    private readonly Lock gate = new();
    private readonly Dictionary<string, PoolActivity> pools = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> numbersInDoubt = new(StringComparer.Ordinal);
    private long batchCount;

    /// <summary>Creates the instance.</summary>
    /// <param name="time">The clock that dates the draws.</param>
    public DrawActivity(TimeProvider time)
    {
        this.time = time;
        instruments = new DrawInstruments(meter);
        fillLevels = meter.CreateCounter<long>(
            "uniquerandom.pool.fill_levels", "{level}", "Fill levels that pools have reached.");
    }

    /// <summary>The fill levels that are reported, in per cent, ascending: 80, 95, 99 and 100.</summary>
    public static ReadOnlySpan<int> FillLevels => [80, 95, 99, 100];

    /// <summary>Gets the smallest cursor that is at least a fill level.</summary>
    /// <param name="percent">The fill level in per cent, 0 to 100.</param>
    /// <param name="size">The size of the pool.</param>
    public static long PositionOf(int percent, long size) => size / 100 * percent + (size % 100 * percent + 99) / 100;

    /// <summary>
    /// Raised when a draw reaches a fill level, on the thread that committed it, before the draw is answered. Exceptions of
    /// handlers are ignored, because the draw is already durable.
    /// </summary>
    public event Action<FillLevelReached>? FillLevelReached;

    /// <summary>Gets how many batches were committed.</summary>
    public long BatchCount => Interlocked.Read(ref batchCount);

    /// <summary>Gets the pace of a pool over the last 60 seconds, as drawn by this queue.</summary>
    public DrawPace PaceOf(string pool)
    {
        lock (gate)
            return pools.TryGetValue(pool, out var activity) ? activity.PaceAt(time.GetUtcNow()) : default;
    }

    /// <summary>
    /// Gets how many numbers of a pool were drawn in each of the last 60 seconds, the current one last, by all processes as far
    /// as <see cref="Observe"/> and the draws of this queue have shown it; null if nothing is known.
    /// </summary>
    /// <param name="pool">The name of the pool.</param>
    /// <param name="cursor">The cursor up to which draws count. It may have moved since it was read.</param>
    public IReadOnlyList<long>? HistoryOf(string pool, long cursor)
    {
        lock (gate)
            return pools.TryGetValue(pool, out var activity) ? activity.History.Until(Now(), cursor) : null;
    }

    /// <summary>
    /// Gets the highest cursor of a pool that <see cref="Observe"/> or a draw of this queue has shown; null if nothing is known.
    /// </summary>
    public long? CursorOf(PoolDefinition pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        lock (gate)
            return pools.TryGetValue(pool.Name, out var activity) && activity.Pool == pool ? activity.History.Cursor : null;
    }

    /// <summary>Records that the cursor of a pool was read, which other processes may have moved.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="before">The cursor when it was read shortly before; the same as now if it was not.</param>
    /// <param name="cursor">The cursor.</param>
    public void Observe(PoolDefinition pool, long before, long cursor)
    {
        ArgumentNullException.ThrowIfNull(pool);
        lock (gate)
            ActivityOf(pool).History.Record(Now(), before, cursor);
    }

    /// <summary>Stops publishing.</summary>
    public void Dispose() => meter.Dispose();

    /// <summary>Whether a meter is the one of this instance: others have the same name.</summary>
    internal bool Owns(Meter other) => meter == other;

    /// <summary>Observes how many draws wait in a queue.</summary>
    internal void ObserveDepth(Func<int> depth) => meter.CreateObservableUpDownCounter(
        "uniquerandom.queue.depth", depth, "{draw}", "Draws that wait for the store.");

    /// <summary>Records how long the first draw of a batch has waited for the batch to begin.</summary>
    internal void RecordWait(TimeSpan wait) => instruments.RecordWait(wait);

    /// <summary>Counts a draw that was refused because too many are waiting.</summary>
    internal void RecordQueueFull() => instruments.CountRefused(null, "queue_full");

    /// <summary>Counts a draw of a batch that has failed.</summary>
    internal void RecordFailure(string pool, Exception error)
    {
        bool isKnown;
        lock (gate)
            isKnown = pools.ContainsKey(pool);
        var isInDoubt = error is StoreException { Fault: StoreFault.InDoubt };
        instruments.CountRefused(isKnown ? pool : null, isInDoubt ? "in_doubt" : "store_failed");
    }

    /// <summary>Counts the draws of a committed batch. Doesn't throw, whatever listeners do.</summary>
    /// <param name="outcomes">The outcome of each draw.</param>
    /// <param name="commit">How long the store took.</param>
    internal void Record(ReadOnlySpan<DrawOutcome> outcomes, TimeSpan commit = default)
    {
        List<FillLevelReached>? reached = null;
        Interlocked.Increment(ref batchCount);
        instruments.RecordBatch(outcomes, commit);
        lock (gate)
        {
            PoolActivity? activity = null;
            foreach (ref readonly var outcome in outcomes)
            {
                if (outcome.Pool is not { } pool)
                    continue;
                if (activity?.Pool != pool)
                    activity = ActivityOf(pool);
                if (outcome.Kind == DrawOutcomeKind.Drawn && !outcome.IsReplayed)
                    activity.Count(outcome);
                else if (numbersInDoubt.Count == 0)
                    continue;
                activity.FindLevels(outcome, DoubtOf(outcome), ref reached);
            }
        }

        reached?.ForEach(Publish);
    }

    /// <summary>Remembers a batch that may have been recorded: the next draws report the levels that it reached.</summary>
    internal void RecordDoubt(ReadOnlySpan<DrawRequest> requests)
    {
        lock (gate)
        {
            foreach (ref readonly var request in requests)
                CollectionsMarshal.GetValueRefOrAddDefault(numbersInDoubt, request.Pool, out _) += request.Count;
        }
    }

    /// <summary>How many numbers of the pool may have been drawn unnoticed before an outcome.</summary>
    private long DoubtOf(in DrawOutcome outcome)
    {
        if (numbersInDoubt.Count == 0 || !numbersInDoubt.TryGetValue(outcome.Pool!.Name, out var numbers))
            return 0;
        // A replay can be of any age, so it doesn't end the doubt.
        if (!outcome.IsReplayed)
            numbersInDoubt.Remove(outcome.Pool.Name);
        return numbers;
    }

    private long Now() => time.GetUtcNow().ToUnixTimeSeconds();

    private PoolActivity ActivityOf(PoolDefinition pool)
    {
        // A pool of the same name can be another one after a failover.
        if (!pools.TryGetValue(pool.Name, out var activity) || (activity.Pool != pool && !activity.TryResize(pool)))
            pools[pool.Name] = activity = new PoolActivity(pool);
        return activity;
    }

    private void Publish(FillLevelReached level)
    {
        Ignore(() => fillLevels.Add(1, new("pool", level.Pool.Name), new("percent", level.Percent)));
        foreach (var handler in FillLevelReached?.GetInvocationList() ?? [])
            Ignore(() => ((Action<FillLevelReached>)handler)(level));
    }

    private static void Ignore(Action listener)
    {
        try
        {
            listener();
        }
#pragma warning disable CA1031 // A listener that fails must fail neither the draws, which are durable, nor the other listeners.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
