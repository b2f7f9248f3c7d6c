using System.Text.Json;
using CsCheck;
using UniqueRandom.Audit;
using UniqueRandom.Pools;
using UniqueRandom.Testing.Audit;
using UniqueRandom.Testing.Permutations;
using UniqueRandom.Testing.Search;

namespace UniqueRandom.Core.Tests.Audit;

/// <summary>Damaged logs and statuses: each is refused, found to deviate, or has the same content.</summary>
public sealed class ExportedInputTests(ITestOutputHelper output)
{
    private const int Size = 12;

    private static readonly string[] Read = ["minimum", "maximum", "seed", "commitment", "drawn"];

    private static readonly PoolRange Range = new(-4, Size - 5);
    private static readonly long[] Order = SampleLog.Numbers(Seeds.Counting, Range);

    private static readonly AuditedPool Pool =
        new(Range, Seeds.Counting, Commitment.To(Seeds.Counting, Range), Drawn: Size);

    private static readonly Gen<string> Logs = Gen.Select(
        Gen.Int[0, Size - 1], Gen.Int[1, Size - 1], Gen.Bool, (first, cut, isCsv) => string.Join('\n', isCsv
            ? SampleLog.Csv(Order, first, Size - first)
            : first + cut < Size
                ? SampleLog.Json(Order, first, cut, Size - first - cut)
                : SampleLog.Json(Order, first, Size - first)));

    private static readonly Gen<string> Statuses = Gen.Select(
        Gen.Int[-9, 9], Gen.Int[0, 30], Gen.Bool, (minimum, size, isClosed) => $$"""
            {"pool":"a","minimum":{{minimum}},"maximum":{{minimum + size}},"size":{{size + 1}},"drawn":{{size}},
             "commitment":"{{new string('c', 64)}}","seed":{{(isClosed ? $"\"{Seeds.Counting.Reveal()}\"" : "null")}}}
            """);

    [Fact]
    public Task A_damaged_log_holds_only_with_the_same_numbers() => InputSearch.RunAsync(
        Logs.Mutated(),
        log =>
        {
            var lines = log.Split('\n');
            try
            {
                if (!OrderAudit.Check(Pool, lines, TestContext.Current.CancellationToken).Holds)
                    return false;
            }
            catch (FormatException error)
            {
                Assert.StartsWith("line ", error.Message);
                return false;
            }

            var read = ExportedLog.Read(lines).ToList();
            var numbers = read.SelectMany(line => line.Numbers).ToArray();
            Assert.Equal(Order[^numbers.Length..], numbers);
            Assert.All(read, line => Assert.Equal(line.First, Array.IndexOf(Order, line.Numbers.FirstOrDefault(Order[0]))));
            return true;
        },
        output);

    [Fact]
    public Task A_damaged_status_is_refused_or_has_what_it_says() => InputSearch.RunAsync(
        Statuses.Mutated(),
        json =>
        {
            AuditedPool read;
            try
            {
                read = ExportedStatus.Read(json, "status.json");
            }
            catch (InvalidDataException error)
            {
                Assert.Contains("status.json", error.Message);
                return false;
            }

            // Other members may be there twice, because nobody reads them.
            var fields = JsonDocument.Parse(json).RootElement.EnumerateObject()
                .Where(field => Read.Contains(field.Name, StringComparer.OrdinalIgnoreCase))
                .ToDictionary(field => field.Name, field => field.Value, StringComparer.OrdinalIgnoreCase);
            Assert.Equal((fields["minimum"].GetInt64(), fields["maximum"].GetInt64()), (read.Range.Minimum, read.Range.Maximum));
            Assert.Equal(fields["seed"].GetString(), read.Seed.Reveal(), ignoreCase: true);
            Assert.Equal(fields["commitment"].GetString(), read.Published!.ToString(), ignoreCase: true);
            var hasDrawn = fields.TryGetValue("drawn", out var drawn) && drawn.ValueKind != JsonValueKind.Null;
            Assert.Equal(hasDrawn ? drawn.GetInt64() : null, read.Drawn);
            return true;
        },
        output);
}
