namespace UniqueRandom.Benchmarks.Figures;

/// <summary>The values of one quantity over the rounds.</summary>
internal sealed class Series(params IEnumerable<double> initial)
{
    private readonly List<double> values = [.. initial];

    public double Lowest => values.Min();

    public double Highest => values.Max();

    public int Count => values.Count;

    public double Median
    {
        get
        {
            var ordered = values.Order().ToList();
            return (ordered[(ordered.Count - 1) / 2] + ordered[ordered.Count / 2]) / 2;
        }
    }

    public void Add(double value) => values.Add(value);

    public Series Times(double factor) => new(values.Select(value => value * factor));

    /// <summary>Gets the ratios round by round: what disturbs a round disturbs both sides.</summary>
    public Series Over(Series other) => new(values.Zip(other.values, (mine, others) => mine / others));
}
