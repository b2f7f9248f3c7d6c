using System.Globalization;

namespace UniqueRandom.Benchmarks.Figures;

/// <summary>A figure of the report.</summary>
internal record Figure(string Name, Series Measured, string Format = "0.00")
{
    public string Row() => $"| {Name} | **{Text(Measured.Median)}** | {Range()} |";

    protected string Text(double value) => value.ToString(Format, CultureInfo.InvariantCulture);

    private string Range() => Measured.Count == 1 ? "one run" : $"{Text(Measured.Lowest)} – {Text(Measured.Highest)}";
}

/// <summary>
/// A figure that compares UniqueRandom with something else, which counts as 1. The reason says why UniqueRandom can be behind.
/// </summary>
internal sealed record Ratio(
    string Name, Series Measured, string? Reason = null, string Format = "0.00", bool LessIsBetter = false)
    : Figure(Name, Measured, Format)
{
    public bool IsBehind => LessIsBetter ? Math.Round(Measured.Median, 2) > 1 : Math.Round(Measured.Median, 2) < 1;

    public string Explanation()
    {
        var side = LessIsBetter ? "above 1, and less is better" : "below 1";
        var range = Measured.Lowest <= 1 && Measured.Highest >= 1 ? "; the range includes 1" : "";
        return $"- {Name}: {Text(Measured.Median)} is {side}{range}.\n  {Reason ?? "No reason is known."}";
    }
}
