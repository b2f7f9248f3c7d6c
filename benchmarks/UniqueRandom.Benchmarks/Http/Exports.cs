using System.Diagnostics;
using System.Text.Json;
using UniqueRandom.Benchmarks.Disk;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>How fast the draw log comes out, and what it costs those who draw meanwhile.</summary>
internal static class Exports
{
    private const string Database = "exports.db";
    private const int Connections = 64;

    public static async Task MeasureAsync(Workspace workspace, Results results, Effort effort, CancellationToken cancellation)
    {
        Measurement.Say("export of the log");
        // Half of the pool is left to those who draw meanwhile.
        await Servers.AdvanceAsync(workspace, Database, 2 * Results.LevelSize, percentDrawn: 50, cancellation);
        await using var server = await Servers.ServeAsync(workspace, Database, 2 * Results.LevelSize, cancellation);
        using var pool = new PoolClient(server);

        var numbers = await pool.ExportAsync(log => CountAsync(log, cancellation), cancellation);
        var drawn = await pool.DrawnAsync(cancellation);
        if (numbers != drawn)
            throw new InvalidOperationException($"The log has {numbers} numbers, and {drawn} are drawn.");

        for (var i = 0; i < effort.Repeats; i++)
        {
            var watch = Stopwatch.StartNew();
            await ExportAsync();
            results.ExportRate.Add(numbers / watch.Elapsed.TotalSeconds);
        }

        _ = await Wrk.RunAsync(server.Random, Connections, effort.Seconds, cancellation);
        for (var round = 0; round < effort.Rounds; round++)
        {
            results.NoExport.Add(await Wrk.RunAsync(server.Random, Connections, effort.Seconds, cancellation));
            var meanwhile = Wrk.RunAsync(server.Random, Connections, effort.Seconds, cancellation);
            while (!meanwhile.IsCompleted)
                await ExportAsync();
            results.WhileExporting.Add(await meanwhile);
        }

        await server.StopAsync();
        workspace.Remove(Database);

        Task ExportAsync() => pool.ExportAsync(async log =>
        {
            await log.CopyToAsync(Stream.Null, cancellation);
            return true;
        }, cancellation);
    }

    private static async Task<long> CountAsync(Stream log, CancellationToken cancellation)
    {
        var numbers = 0L;
        using var lines = new StreamReader(log);
        while (await lines.ReadLineAsync(cancellation) is { } line)
        {
            using var draw = JsonDocument.Parse(line);
            numbers += draw.RootElement.GetProperty("numbers").GetArrayLength();
        }

        return numbers;
    }
}
