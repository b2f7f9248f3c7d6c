using System.Globalization;

namespace UniqueRandom.Server.Tests.Series;

/// <summary>What a fault has done.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="Rounds">How often it was injected.</param>
/// <param name="Acknowledged">How many numbers clients have received.</param>
/// <param name="Repeated">How many of them they had received before, or a key had others before.</param>
/// <param name="Lost">How many of them the draw log does not have as drawn, or elsewhere.</param>
/// <param name="Burned">How many positions are in the log whose number no client has.</param>
/// <param name="Recoveries">The times from the start of a process to its first answered draw.</param>
internal sealed record FaultResult(
    string Fault, int Rounds, int Acknowledged, int Repeated, int Lost, int Burned, IReadOnlyList<TimeSpan> Recoveries)
{
    public static string Head =>
        """
        | fault | rounds | acknowledged | repeated | lost | burned | seconds to recover (median, longest) |
        |---|---:|---:|---:|---:|---:|---:|
        """;

    public string Row
    {
        get
        {
            var times = Recoveries.Order().ToList();
            var recovery = times.Count == 0 ? "" : $"{Seconds(times[times.Count / 2])}, {Seconds(times[^1])}";
            return string.Create(
                CultureInfo.InvariantCulture,
                $"| {Fault} | {Rounds} | {Acknowledged:N0} | {Repeated} | {Lost:N0} | {Burned:N0} | {recovery} |");
        }
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);
}
