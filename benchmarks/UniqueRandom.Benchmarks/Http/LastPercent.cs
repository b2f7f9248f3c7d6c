using UniqueRandom.Benchmarks.Disk;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>Whether a draw costs the same to the end: the first per cent of a pool against the last one of its copy, alternating.</summary>
internal static class LastPercent
{
    private const string Advanced = "last-percent.db";
    private const int Connections = 64;
    private const int Percent = Results.LargeSize / 100;

    public static async Task MeasureAsync(Workspace workspace, Results results, Effort effort, CancellationToken cancellation)
    {
        Measurement.Say("first and last per cent");
        await Servers.AdvanceAsync(workspace, Servers.Large, Results.LargeSize, percentDrawn: 0, cancellation);
        workspace.Copy(workspace.PathOf(Servers.Large), Advanced);
        await Servers.AdvanceAsync(workspace, Advanced, Results.LargeSize, percentDrawn: 99, cancellation);

        await using var first = await Servers.ServeAsync(workspace, Servers.Large, Results.LargeSize, cancellation);
        await using var last = await Servers.ServeAsync(workspace, Advanced, Results.LargeSize, cancellation);

        // A per cent is soon drawn: the memory measurement has begun on the first one, and as many rounds follow as fit into both.
        var warmUp = await Wrk.RunAsync(first.Random, Connections, seconds: 1, cancellation);
        _ = await Wrk.RunAsync(last.Random, Connections, seconds: 1, cancellation);
        var seconds = Math.Min(effort.Seconds, 2);
        var rounds = (Percent - warmUp.Rate * (effort.Seconds + 1)) / (1.1 * warmUp.Rate * seconds);
        for (var round = 0; round < Math.Clamp((int)rounds, 1, effort.Rounds); round++)
        {
            results.FirstPercent.Add(await Wrk.RunAsync(first.Random, Connections, seconds, cancellation));
            results.LastPercent.Add(await Wrk.RunAsync(last.Random, Connections, seconds, cancellation));
        }

        await first.StopAsync();
        await last.StopAsync();
        workspace.Remove(Advanced);
    }
}
