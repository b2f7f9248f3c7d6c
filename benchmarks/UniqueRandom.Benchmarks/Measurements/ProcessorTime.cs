using UniqueRandom.Benchmarks.Load;
using UniqueRandom.Benchmarks.Processes;

namespace UniqueRandom.Benchmarks.Measurements;

/// <summary>
/// The user and system time of a server. Unlike requests a second, it hardly depends on what else the machine does.
/// </summary>
internal static class ProcessorTime
{
    private const int Draws = 200_000;
    private const int TimeoutSeconds = 300;

    /// <summary>Measures the time of a draw at 64 connections, in microseconds.</summary>
    public static async Task<double> OfDrawAsync(Bench bench, MeasuredServer server)
    {
        using var pool = new PoolClient(server, bench.CancellationToken);
        var (drawn, time) = (await pool.CountDrawnAsync(), server.ProcessorTime);
        _ = await bench.LoadAsync(server.Random, 64, new WrkRequest("GET", Limit: Draws), TimeoutSeconds);
        time = server.ProcessorTime - time;
        drawn = await pool.CountDrawnAsync() - drawn;
        return drawn >= Draws
            ? time.TotalMicroseconds / drawn
            : throw new InvalidOperationException($"The server drew {drawn} numbers in {TimeoutSeconds} s, fewer than {Draws}.");
    }
}
