namespace UniqueRandom.Benchmarks.Http;

/// <summary>The same thing measured once a round.</summary>
internal sealed class Series
{
    private readonly List<double> values = [];

    public double Lowest => values.Min();

    public double Highest => values.Max();

    public int Count => values.Count;

    /// <summary>Half of the rounds found at most this.</summary>
    public double Median
    {
        get
        {
            var ordered = values.Order().ToList();
            return (ordered[(ordered.Count - 1) / 2] + ordered[ordered.Count / 2]) / 2;
        }
    }

    public void Add(double value) => values.Add(value);

    public Series Times(double factor)
    {
        var products = new Series();
        products.values.AddRange(values.Select(value => value * factor));
        return products;
    }

    /// <summary>The ratios round by round: what disturbs a round disturbs both of its sides.</summary>
    public Series Over(Series other)
    {
        var ratios = new Series();
        ratios.values.AddRange(values.Zip(other.values, (mine, others) => mine / others));
        return ratios;
    }
}
