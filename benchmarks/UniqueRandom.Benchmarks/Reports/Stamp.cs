using System.Runtime.InteropServices;
using UniqueRandom.Benchmarks.Disk;
using UniqueRandom.Benchmarks.Processes;

namespace UniqueRandom.Benchmarks.Reports;

/// <summary>The date, the machine and the commit of a measurement.</summary>
internal sealed record Stamp(DateTime Date, string Machine, string System, string FileSystem, string Sdk, string Commit)
{
    public static async Task<Stamp> CreateAsync(CancellationToken cancellationToken)
    {
        using var workspace = Workspace.Create();
        var commit = await RunAsync("git", "rev-parse", "--short", "HEAD");
        // A measurement itself rewrites the report.
        var changes = await RunAsync("git", "status", "--porcelain", "--", ".", ":!benchmarks/README.md");
        var gigabytes = double.Parse(ReadField("/proc/meminfo", "MemTotal").Split(' ')[0]) * 1024 / 1e9;
        return new Stamp(
            DateTime.UtcNow,
            $"{ReadField("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} cores, {gigabytes:0} GB of memory",
            $"{RuntimeInformation.OSDescription}, kernel {await RunAsync("uname", "-r")}",
            workspace.FileSystem,
            $"{await RunAsync("dotnet", "--version")}, runtime {Environment.Version}",
            changes.Length == 0 ? commit : $"{commit} with uncommitted changes");

        Task<string> RunAsync(string program, params string[] arguments) =>
            Programs.RunAsync(program, arguments, cancellationToken);
    }

    private static string ReadField(string file, string name) =>
        File.ReadLines(file).First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(':', 2)[1].Trim();
}
