using System.Diagnostics.Metrics;
using UniqueRandom.Draws;

namespace UniqueRandom.Metrics;

/// <summary>
/// The instruments of the draws, named by the conventions of OpenTelemetry. Without a listener they cost a few nanoseconds a
/// batch. Thread-safe. Doesn't throw, whatever listeners do.
/// </summary>
internal sealed class DrawInstruments(Meter meter)
{
    /// <summary>From 50 microseconds, a fast disk, to 5 seconds.</summary>
    private static readonly double[] Seconds =
    [
        0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
    ];

    private readonly Counter<long> draws = meter.CreateCounter<long>(
        "uniquerandom.draws", "{draw}", "Draws that have ended, by pool and outcome.");

    private readonly Counter<long> numbers = meter.CreateCounter<long>(
        "uniquerandom.numbers", "{number}", "Numbers that were handed out for the first time, by pool.");

    private readonly Histogram<int> batchSize = meter.CreateHistogram(
        "uniquerandom.batch.size",
        "{draw}",
        "Draws that were committed in one transaction.",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000] });

    private readonly Histogram<double> commitDuration = meter.CreateHistogram(
        "uniquerandom.commit.duration",
        "s",
        "How long the store took to commit a batch.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });

    private readonly Histogram<double> waitDuration = meter.CreateHistogram(
        "uniquerandom.queue.wait.duration",
        "s",
        "How long the first draw of a batch has waited before the batch began.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });

    /// <summary>Records a batch.</summary>
    /// <param name="outcomes">The outcome of each draw.</param>
    /// <param name="commit">How long the store took.</param>
    public void RecordBatch(ReadOnlySpan<DrawOutcome> outcomes, TimeSpan commit)
    {
        try
        {
            commitDuration.Record(commit.TotalSeconds);
            batchSize.Record(outcomes.Length);
            if (draws.Enabled || numbers.Enabled)
                CountOutcomes(outcomes);
        }
#pragma warning disable CA1031 // The draws are durable.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    /// <summary>Records how long the first draw of a batch has waited.</summary>
    public void RecordWait(TimeSpan wait)
    {
        try
        {
            waitDuration.Record(wait.TotalSeconds);
        }
#pragma warning disable CA1031 // The draws go on.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    /// <summary>Counts a draw that has not reached the store, or whose batch failed.</summary>
    /// <param name="pool">The pool; null if no pool is known to have the name, because a client can send any.</param>
    /// <param name="outcome">The outcome.</param>
    public void CountRefused(string? pool, string outcome)
    {
        try
        {
            CountDraws(pool, outcome, 1);
        }
#pragma warning disable CA1031 // The caller must get its answer.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    /// <summary>Counts draws that follow each other and have the same pool and outcome at once.</summary>
    private void CountOutcomes(ReadOnlySpan<DrawOutcome> outcomes)
    {
        for (var (start, end) = (0, 0); start < outcomes.Length; start = end)
        {
            ref readonly var first = ref outcomes[start];
            long drawn = 0;
            for (; end < outcomes.Length && IsSame(first, outcomes[end]); end++)
                drawn += outcomes[end].Count;
            CountDraws(first.Pool?.Name, OutcomeName.Of(first), end - start);
            if (first is { Kind: DrawOutcomeKind.Drawn, IsReplayed: false })
                numbers.Add(drawn, new KeyValuePair<string, object?>("pool", first.Pool!.Name));
        }
    }

    private void CountDraws(string? pool, string outcome, long count)
    {
        if (pool is null)
            draws.Add(count, new KeyValuePair<string, object?>("outcome", outcome));
        else
            draws.Add(count, new("pool", pool), new("outcome", outcome));
    }

    private static bool IsSame(in DrawOutcome one, in DrawOutcome other) =>
        one.Kind == other.Kind && one.IsReplayed == other.IsReplayed && one.Pool == other.Pool;
}
