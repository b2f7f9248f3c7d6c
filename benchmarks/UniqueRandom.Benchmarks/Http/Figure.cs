using System.Globalization;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>A figure with the bar it must reach and the aim beyond it.</summary>
internal sealed record Figure(string Name, Series Measured, double Bar, double Aim, string Format = "0.00", bool LowerIsBetter = false)
{
    public string Row() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Name} | **{Text(Measured.Median)}** | {Spread()} | {Text(Bar)} | {Verdict(Bar)} | {Text(Aim)} | {Verdict(Aim)} |");

    private string Verdict(double goal)
    {
        var reached = LowerIsBetter ? Measured.Median <= goal : Measured.Median >= goal;
        return reached ? "reached" : "missed";
    }

    private string Spread() => Measured.Count == 1 ? "once" : $"{Text(Measured.Lowest)} – {Text(Measured.Highest)}";

    private string Text(double value) => value.ToString(Format, CultureInfo.InvariantCulture);
}
