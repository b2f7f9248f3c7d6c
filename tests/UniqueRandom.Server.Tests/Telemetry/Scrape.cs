using System.Globalization;
using System.Text.RegularExpressions;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Server.Tests.Telemetry;

/// <summary>What a scrape of /metrics has answered.</summary>
internal sealed partial class Scrape
{
    private readonly Dictionary<string, double> series;

    private Scrape(string text)
    {
        Text = text;
        series = text.Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' '))
            .ToDictionary(parts => Scope().Replace(parts[0], ""), parts => double.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    public string Text { get; }

    /// <summary>Gets the value of a series, without the label of the meter.</summary>
    public double this[string name] => series.TryGetValue(name, out var value)
        ? value
        : throw new ArgumentException($"There is no {name} in:\n{string.Join('\n', series.Keys.Order())}", nameof(name));

    public static Task<Scrape> ReadAsync(ServerProcess server) => ReadAsync(server.Client);

    public static async Task<Scrape> ReadAsync(HttpClient client) =>
        new((await client.FetchAsync("/metrics")).Expect(200).Text);

    /// <summary>Scrapes until a series has a value: a scrape shows what was known before it.</summary>
    public static Task UntilAsync(ServerProcess server, string name, double value) => Eventually.TrueAsync(
        async () => (await ReadAsync(server)).Find(name) == value, $"{name} is {value}");

    /// <summary>Gets the value of a series; null if there is none.</summary>
    public double? Find(string name) => series.TryGetValue(name, out var value) ? value : null;

    /// <summary>Gets the series of a metric.</summary>
    public IEnumerable<KeyValuePair<string, double>> SeriesOf(string metric) =>
        series.Where(entry => entry.Key.Split('{')[0] == metric);

    [GeneratedRegex("""otel_scope_name="[^"]*",?|\{otel_scope_name="[^"]*"\}""")]
    private static partial Regex Scope();
}
