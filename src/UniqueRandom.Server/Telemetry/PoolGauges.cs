using System.Diagnostics.Metrics;
using UniqueRandom.Metrics;
using UniqueRandom.Pools;
using UniqueRandom.Server.Health;
using UniqueRandom.Server.Pools;

namespace UniqueRandom.Server.Telemetry;

/// <summary>
/// The gauges of the pools and of the store. Closed pools have none: nothing of them can run out. Pools beyond a limit are added
/// up in one series, with the tag that OpenTelemetry has for it.
/// </summary>
internal sealed class PoolGauges : IDisposable
{
    /// <summary>How many series an instrument has at most, beside the one to which OpenTelemetry adds up the others.</summary>
    public const int MaximumSeries = 999;

    private static readonly KeyValuePair<string, object?> Overflow = new("otel.metric.overflow", true);

    private readonly Meter meter = new(DrawActivity.MeterName);
    private readonly PoolReading reading;
    private readonly DrawActivity activity;

    public PoolGauges(PoolReading reading, DrawActivity activity, StoreHealth health, StartGate start)
    {
        (this.reading, this.activity) = (reading, activity);
        meter.CreateObservableGauge(
            "uniquerandom.pool.size",
            () => Measure(IsOpen, pool => pool.Definition.Range.Size),
            "{number}",
            "Numbers of an open or exhausted pool.");
        meter.CreateObservableGauge(
            "uniquerandom.pool.remaining",
            () => Measure(IsOpen, RemainingOf),
            "{number}",
            "Numbers that an open or exhausted pool has left.");
        meter.CreateObservableGauge(
            "uniquerandom.pool.seeding.remaining",
            () => Measure(pool => pool.Unfinished is not null, pool => pool.Unfinished!.Range.Size - pool.Unfinished.Seeded),
            "{number}",
            "Numbers that are not stored yet of a pool that is being seeded or extended.");
        meter.CreateObservableGauge(
            "uniquerandom.store.ready",
            () => start.IsOpen && health.IsLastKnownReady ? 1 : 0,
            description: "1 if the store can record draws, otherwise 0.");
    }

    public void Dispose() => meter.Dispose();

    private static bool IsOpen(Pool pool) => pool.State is PoolState.Open or PoolState.Exhausted;

    /// <summary>Draws of this process after the reading count.</summary>
    private long RemainingOf(Pool pool) =>
        pool.Definition.Range.Size - Math.Max(pool.Cursor, activity.CursorOf(pool.Definition) ?? 0);

    private List<Measurement<long>> Measure(Func<Pool, bool> condition, Func<Pool, long> valueOf)
    {
        var pools = reading.Current.Where(condition).ToList();
        var shown = pools.Count > MaximumSeries ? MaximumSeries - 1 : pools.Count;
        var measured = pools.Take(shown)
            .Select(pool => new Measurement<long>(valueOf(pool), new KeyValuePair<string, object?>("pool", pool.Definition.Name)))
            .ToList();
        if (shown < pools.Count)
            measured.Add(new Measurement<long>(SumOf(pools.Skip(shown).Select(valueOf)), Overflow));
        return measured;
    }

    /// <summary>The sum of many large pools may exceed what a gauge can have.</summary>
    private static long SumOf(IEnumerable<long> values) =>
        (long)Int128.Min(values.Aggregate(Int128.Zero, (sum, value) => sum + value), long.MaxValue);
}
