using System.CommandLine;
using System.Text.Json;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>How long and how often is measured.</summary>
/// <param name="Rounds">How often each pair is compared; the median counts.</param>
/// <param name="Seconds">How long each run of wrk takes.</param>
/// <param name="Repeats">How often what has no rounds is measured, such as a start; the median counts.</param>
internal sealed record Effort(int Rounds, int Seconds, int Repeats);

/// <summary>The whole measurement over HTTP, and its report.</summary>
internal static class MeasureVerb
{
    public static Command Create()
    {
        var quick = new Option<bool>("--quick") { Description = "One round of one second, to see that it works." };
        var rounds = new Option<int>("--rounds") { Description = "Rounds. Default: 5.", DefaultValueFactory = _ => 5 };
        var seconds = new Option<int>("--seconds") { Description = "Seconds of each run in a round. Default: 3.", DefaultValueFactory = _ => 3 };
        var report = new Option<string?>("--report") { Description = "The report. Default: benchmarks/README.md of this repository." };
        var baseline = new Option<string?>("--baseline") { Description = "A directory with a server built from an earlier commit, to compare /random with." };
        var part = new Option<string[]>("--part") { Description = "Measures only this, and prints it without a report. Can be repeated." };
        part.AcceptOnlyFromAmong([.. Measurement.Parts]);
        var verb = new Command("measure", "Measures over HTTP against the rivals, and writes the report.") { quick, rounds, seconds, report, baseline, part };
        verb.SetAction(async (parsed, cancellation) =>
        {
            var effort = parsed.GetValue(quick)
                ? new Effort(Rounds: 1, Seconds: 1, Repeats: 1)
                : new Effort(parsed.GetValue(rounds), parsed.GetValue(seconds), Repeats: 5);
            var parts = parsed.GetValue(part) ?? [];
            var earlier = parsed.GetValue(baseline) is { } directory ? EarlierBuild.In(directory) : null;
            RefuseDifferentRuntimes();
            if (parts.Length > 0)
            {
                Console.WriteLine(Report.WriteParts(await Measurement.RunAsync(parts, earlier, effort, cancellation)));
                return 0;
            }

            // At the beginning: the source may change while its build is measured.
            var stamp = await Stamp.TakeAsync(cancellation);
            var text = Report.Write(await Measurement.RunAsync(parts, earlier, effort, cancellation), effort, stamp);
            await File.WriteAllTextAsync(parsed.GetValue(report) ?? Path.Combine(Programs.Repository, "benchmarks", "README.md"), text, cancellation);
            Console.WriteLine(text);
            return 0;
        });
        return verb;
    }

    /// <summary>The rivals run in this program and /random in the server's: a comparison needs the same collector and compiler settings.</summary>
    private static void RefuseDifferentRuntimes()
    {
        var (own, server) = (Read(Programs.Benchmarks), Read(Programs.Server));
        if (!own.SequenceEqual(server))
        {
            throw new InvalidOperationException(
                $"The server runs with {string.Join(", ", server)}, and the rivals with {string.Join(", ", own)}; give UniqueRandom.Benchmarks.csproj the server's settings.");
        }

        static List<string> Read(string program)
        {
            using var file = JsonDocument.Parse(File.ReadAllBytes(program + ".runtimeconfig.json"));
            return file.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties").EnumerateObject()
                .Where(setting => setting.Name.StartsWith("System.GC.", StringComparison.Ordinal)
                    || setting.Name.StartsWith("System.Threading.", StringComparison.Ordinal)
                    || setting.Name.StartsWith("System.Runtime.Tiered", StringComparison.Ordinal))
                .Select(setting => $"{setting.Name} = {setting.Value}")
                .Order(StringComparer.Ordinal)
                .ToList();
        }
    }
}
