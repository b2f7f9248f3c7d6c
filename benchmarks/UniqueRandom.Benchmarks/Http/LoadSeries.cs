using System.Globalization;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>The runs of wrk against one server with one number of connections.</summary>
internal sealed class LoadSeries
{
    public Series Rate { get; } = new();

    public Series P50 { get; } = new();

    public Series P99 { get; } = new();

    public long Requests { get; private set; }

    public void Add(Load load)
    {
        Rate.Add(load.Rate);
        P50.Add(load.P50);
        P99.Add(load.P99);
        Requests += load.Requests;
    }

    /// <summary>As the tables have it: requests a second, p50 and p99.</summary>
    public string Cells() => string.Create(CultureInfo.InvariantCulture, $"{Rate.Median:N0} | {P50.Median:0.00} | {P99.Median:0.00}");
}
