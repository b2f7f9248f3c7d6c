using System.CommandLine;
using UniqueRandom.Benchmarks.Disk;
using UniqueRandom.Benchmarks.Figures;
using UniqueRandom.Benchmarks.Measurements;

namespace UniqueRandom.Benchmarks.Reports;

/// <summary>The command that measures over HTTP and prints the report.</summary>
internal static class MeasureCommand
{
    // In the order of the report. The parts do not depend on each other.
    private static readonly Dictionary<string, Func<Bench, Task>> Parts = new()
    {
        ["throughput"] = Throughput.MeasureAsync,
        ["redis"] = Redis.MeasureAsync,
        ["slow-disk"] = SlowDisk.MeasureAsync,
        ["builds"] = Builds.MeasureAsync,
        ["cpu"] = Builds.MeasureProcessorTimeAsync,
        ["last-percent"] = LastPercent.MeasureAsync,
        ["starts"] = Starts.MeasureAsync,
        ["seeding"] = Starts.MeasureSeedingAsync,
        ["memory"] = Starts.MeasureMemoryAsync,
        ["keys"] = Drawing.MeasureKeysAsync,
        ["batches"] = Drawing.MeasureBatchesAsync,
        ["computed"] = ComputedOrders.MeasureAsync,
        ["seeding-load"] = SeedingLoad.MeasureAsync,
        ["backup-load"] = BackupLoad.MeasureAsync,
        ["look-ups"] = Reading.MeasureLookUpsAsync,
        ["viewers"] = Viewers.MeasureAsync,
        ["exports"] = Reading.MeasureExportsAsync,
        ["postgres"] = Postgres.MeasureAsync,
        ["levels"] = FillLevels.MeasureAsync,
    };

    public static Command Create()
    {
        var quick = new Option<bool>("--quick") { Description = "Measures each part once and briefly, to see that it works." };
        var rounds = Count("--rounds", "Rounds of each measurement.", 5);
        var seconds = Count("--seconds", "Seconds of each run in a round.", 3);
        var pairs = Count("--pairs", "Pairs of runs that compare processor time.", 15);
        var baseline = new Option<string?>("--baseline")
        {
            Description = "A directory with an earlier build, named by its commit.",
        };
        var part = new Option<string[]>("--part") { Description = "Measures only this part. Can be repeated." };
        part.AcceptOnlyFromAmong([.. Parts.Keys]);
        var command = new Command("measure", "Measures over HTTP, and prints the report in Markdown.")
        {
            quick, rounds, seconds, pairs, baseline, part,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var effort = parsed.GetValue(quick)
                ? new Effort(Rounds: 1, Seconds: 1, Pairs: 1)
                : new Effort(parsed.GetValue(rounds), parsed.GetValue(seconds), parsed.GetValue(pairs));
            var directory = parsed.GetValue(baseline);
            var earlier = directory is null ? null : Path.GetFullPath(Path.Combine(directory, "UniqueRandom.Server"));
            // Before the measurement: the source can change meanwhile.
            var stamp = await Stamp.CreateAsync(cancellationToken);
            var results = new Results();
            var names = parsed.GetValue(part) is [_, ..] chosen ? Parts.Keys.Where(chosen.Contains).ToList() : [.. Parts.Keys];
            foreach (var name in names)
            {
                Bench.Log(name);
                using var workspace = Workspace.Create();
                await Parts[name](new Bench(workspace, effort, earlier, results, cancellationToken));
            }

            Console.WriteLine(names.Count == Parts.Count
                ? Report.Write(results, Parts.Keys, effort, stamp, Path.GetFileName(directory))
                : results.Write());
        });
        return command;
    }

    private static Option<int> Count(string name, string description, int standard)
    {
        var option = new Option<int>(name) { Description = $"{description} Default: {standard}." };
        option.DefaultValueFactory = _ => standard;
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError($"{name} must be at least 1.");
        });
        return option;
    }
}
