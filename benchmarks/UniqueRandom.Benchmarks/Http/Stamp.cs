using System.Runtime.InteropServices;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>When, on what and of which state of the source a measurement is.</summary>
internal sealed record Stamp(DateTime Date, string Processor, int Cores, double Gigabytes, string System, string Sdk, string Commit)
{
    public static async Task<Stamp> TakeAsync(CancellationToken cancellation)
    {
        var commit = await RunAsync("git", ["rev-parse", "--short", "HEAD"]);
        // The report itself is what a measurement changes.
        var changes = await RunAsync("git", ["status", "--porcelain", "--", ".", ":!benchmarks/README.md"]);
        return new Stamp(
            DateTime.UtcNow,
            Field("/proc/cpuinfo", "model name"),
            Environment.ProcessorCount,
            double.Parse(Field("/proc/meminfo", "MemTotal").Split(' ')[0]) * 1024 / 1e9,
            $"{RuntimeInformation.OSDescription}, kernel {(await File.ReadAllTextAsync("/proc/sys/kernel/osrelease", cancellation)).Trim()}",
            $"{await RunAsync("dotnet", ["--version"])}, runtime {Environment.Version}",
            changes.Length == 0 ? commit : $"{commit} with uncommitted changes");

        async Task<string> RunAsync(string program, string[] arguments) => (await Programs.RunAsync(program, arguments, cancellation)).Trim();
    }

    private static string Field(string file, string name) =>
        File.ReadLines(file).First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(':', 2)[1].Trim();
}
