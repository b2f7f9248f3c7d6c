namespace UniqueRandom.Benchmarks.Load;

/// <summary>The result of one run of a load generator.</summary>
/// <param name="Rate">Requests a second.</param>
/// <param name="P50">The median latency in milliseconds; NaN if not measured.</param>
/// <param name="P99">The 99th percentile of the latency in milliseconds; NaN if not measured.</param>
/// <param name="Requests">The number of requests.</param>
/// <param name="ProcessorTime">The processor time of the server for a request in microseconds; NaN if not measured.</param>
internal sealed record LoadResult(
    double Rate,
    double P50 = double.NaN,
    double P99 = double.NaN,
    long Requests = 0,
    double ProcessorTime = double.NaN)
{
    /// <summary>Combines two runs at the same time. Percentiles do not add up, so the worse one counts.</summary>
    public LoadResult Combine(LoadResult other) =>
        new(Rate + other.Rate, Math.Max(P50, other.P50), Math.Max(P99, other.P99), Requests + other.Requests);
}
