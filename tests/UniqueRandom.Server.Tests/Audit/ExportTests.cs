using System.Globalization;
using System.Text;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Audit;

/// <summary>Exports of the draw log as JSON lines and as CSV.</summary>
public sealed class ExportTests(ApiServer server, ITestOutputHelper output) : IClassFixture<ApiServer>
{
    private static readonly string[] References =
    [
        "plain", "with, comma", "with \"quotes\"", "\"", ",", "\",\"", " spaces ", "'", "=1+1", "-1", "+\"1\",", "@a",
        "Zoë 🎲 ünïcode", "a\u2028b", "null", new('x', 255),
    ];

    private readonly HttpClient client = server.Client;

    [Fact]
    public async Task CSV_and_JSON_lines_have_the_same_content_for_any_reference()
    {
        var pool = await server.CreatePoolAsync(200);
        foreach (var (i, reference) in References.Index())
        {
            (await client.FetchAsync($"/pools/{pool}/random")).Success(200);
            (await client.DrawAsync(pool, 1 + i % 3, reference, i % 2 == 0 ? $"export-{i}" : null)).Success(201);
        }

        var lines = (await client.FetchAsync($"/pools/{pool}/draws")).Lines;
        var csv = await client.FetchAsync($"/pools/{pool}/draws", accept: "application/x-ndjson;q=0.5, text/csv");
        Assert.Equal("text/csv", csv.MediaType);
        var rows = Parse(csv.Text);

        Assert.Equal(["position", "number", "drawnAt", "reference", "caller", "keyed"], rows[0]);
        Assert.Equal(References, lines.Select(line => line.GetProperty("reference").GetString()).OfType<string>());
        var expected = lines.SelectMany(line => line.Numbers().Select((number, i) => string.Join('|',
            line.GetProperty("first").GetInt32() + i,
            number,
            line.GetProperty("drawnAt").GetDateTime().ToString("O", CultureInfo.InvariantCulture)[..23] + "Z",
            EscapeFormula(line.GetProperty("reference").GetString()),
            line.GetProperty("caller").GetString(),
            line.GetProperty("keyed").GetRawText())));
        Assert.Equal(expected, rows[1..].Select(row => string.Join('|', row)));
    }

    [Fact]
    public async Task Reading_from_any_position_gives_exactly_the_rest()
    {
        var pool = await server.CreatePoolAsync(50);
        for (var i = 0; i < 5; i++)
            (await client.FetchAsync($"/pools/{pool}/random")).Success(200);
        (await client.DrawAsync(pool, 20, "twenty")).Success(201);
        (await client.DrawAsync(pool, 9)).Success(201);
        (await client.DrawAsync(pool, 6, null, "resume-1")).Success(201);
        var whole = (await client.FetchAsync($"/pools/{pool}/draws")).Lines.NumbersFrom(0);
        Assert.Equal(40, whole.Length);

        for (var after = 0; after < 40; after++)
        {
            var lines = (await client.FetchAsync($"/pools/{pool}/draws?after={after}")).Expect(200).Lines;
            Assert.Equal(whole[(after + 1)..], lines.NumbersFrom(after + 1));
            var rows = Parse(
                (await client.FetchAsync($"/pools/{pool}/draws?after={after}", accept: "text/csv")).Expect(200).Text);
            Assert.Equal(
                whole.Index().Skip(after + 1).Select(drawn => $"{drawn.Index} {drawn.Item}"),
                rows[1..].Select(row => $"{row[0]} {row[1]}"));
        }

        foreach (var after in (int[])[39, 40, 49, 50, 2_000_000_000])
            Assert.Empty((await client.FetchAsync($"/pools/{pool}/draws?after={after}")).Expect(200).Text);
    }

    [Fact]
    public async Task A_log_that_is_read_during_draws_ends_at_the_cursor_of_its_start()
    {
        var pool = await server.CreatePoolAsync(400_000);
        for (var i = 0; i < 20; i++)
            (await client.DrawAsync(pool, 10_000)).Success(201);
        var (isRead, numbers) = (false, Array.Empty<long>());
        var draws = Enumerable.Range(0, 8).Select(number => Task.Run(() => DrawAsync(number))).ToArray();

        for (var reading = 0; reading < 5; reading++)
        {
            var before = await client.DrawnAsync(pool);
            var read = (await client.FetchAsync($"/pools/{pool}/draws")).Expect(200).Lines.NumbersFrom(0);
            Assert.InRange(read.Length, before, await client.DrawnAsync(pool));
            Assert.Equal(numbers, read[..numbers.Length]);
            numbers = read;
        }

        Volatile.Write(ref isRead, true);
        var received = (await Task.WhenAll(draws)).SelectMany(some => some).ToArray();
        var log = (await client.FetchAsync($"/pools/{pool}/draws")).Lines.NumbersFrom(0);
        Assert.Equal(log[200_000..].Order(), received.Order());
        Assert.Equal(log.Length, log.Distinct().Count());
        output.WriteLine($"{received.Length} numbers drawn meanwhile");

        async Task<List<long>> DrawAsync(int number)
        {
            var received = new List<long>();
            for (var i = 0; !Volatile.Read(ref isRead); i++)
                received.AddRange(
                    (await client.DrawAsync(pool, 1 + i % 4, number % 2 == 0 ? null : $"{number}/{i}")).Success(201).Numbers());
            return received;
        }
    }

    private static string? EscapeFormula(string? text) => text is ['=' or '+' or '-' or '@', ..] ? $"'{text}" : text;

    /// <summary>Parses RFC 4180 strictly.</summary>
    private static List<string[]> Parse(string csv)
    {
        var (rows, row, field) = (new List<string[]>(), new List<string>(), new StringBuilder());
        for (var at = 0; at < csv.Length;)
        {
            if (csv[at] == '"')
            {
                for (at++; csv[at] != '"' || at + 1 < csv.Length && csv[at + 1] == '"'; at++)
                    field.Append(csv[csv[at] == '"' ? at++ : at]);
                at++;
            }
            else
            {
                for (; csv[at] is not (',' or '\r'); at++)
                    field.Append(csv[at] is '"' or '\n' ? throw new FormatException($"Not quoted at {at}: {csv}") : csv[at]);
            }

            row.Add(field.ToString());
            field.Clear();
            if (csv[at++] == ',')
                continue;
            Assert.Equal('\n', csv[at++]);
            rows.Add([.. row]);
            row.Clear();
        }

        return rows;
    }
}
