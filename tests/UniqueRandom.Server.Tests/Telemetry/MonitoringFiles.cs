using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace UniqueRandom.Server.Tests.Telemetry;

/// <summary>The files of scripts/monitoring, with windows that a test can wait for.</summary>
internal static partial class MonitoringFiles
{
    private const string Window = "3s";

    public static string PathOf(string name, [CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "../../../scripts/monitoring", name);

    /// <summary>Reads the alerts. They fire at once.</summary>
    public static string ReadAlerts() => Shorten(Delay().Replace(File.ReadAllText(PathOf("alerts.yaml")), "for: 0s"));

    /// <summary>Reads the expressions of the board.</summary>
    public static string[] ReadExpressions()
    {
        using var board = JsonDocument.Parse(File.ReadAllText(PathOf("grafana.json")));
        return
        [
            .. board.RootElement.GetProperty("panels").EnumerateArray()
                .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
                .Select(target => target.GetProperty("expr").GetString()!)
                .Select(expression => Shorten(expression
                    .Replace("$job", "uniquerandom", StringComparison.Ordinal)
                    .Replace("$__rate_interval", Window, StringComparison.Ordinal))),
        ];
    }

    private static string Shorten(string expressions) => Duration().Replace(expressions, $"${{1}}{Window}");

    [GeneratedRegex(@"for: \d+m")]
    private static partial Regex Delay();

    [GeneratedRegex(@"(\[|offset )\d+[mh]")]
    private static partial Regex Duration();
}
