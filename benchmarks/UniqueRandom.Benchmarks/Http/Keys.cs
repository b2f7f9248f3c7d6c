using UniqueRandom.Benchmarks.Disk;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>Draws with a fresh key each against draws without, by POST and by GET, in turns; and what is given again for a known key.</summary>
internal static class Keys
{
    private const int Connections = 64;

    public static async Task MeasureAsync(Workspace workspace, Results results, Effort effort, CancellationToken cancellation)
    {
        Measurement.Say("keys");
        await using var server = await Servers.ServeAsync(workspace, Servers.Large, Results.LargeSize, cancellation);
        using var pool = new PoolClient(server);
        (WrkRequest Request, string Url, LoadSeries Loads)[] turns =
        [
            (WrkRequest.Draw(1, "none"), server.Draws, results.Post),
            (WrkRequest.Draw(1, "fresh"), server.Draws, results.PostKeyed),
            (WrkRequest.Get("none"), server.Random, results.Get),
            (WrkRequest.Get("fresh"), server.Random, results.GetKeyed),
            (WrkRequest.Draw(1, "same"), server.Draws, results.Replays),
        ];

        Measurement.Say("warm-up");
        foreach (var (request, url, _) in turns)
            _ = await RunAsync(pool, url, request, effort, cancellation);

        for (var round = 0; round < effort.Rounds; round++)
        {
            Measurement.Say($"round {round + 1} of {effort.Rounds}");
            foreach (var (request, url, loads) in turns)
                loads.Add(await RunAsync(pool, url, request.Again(), effort, cancellation));
        }

        await server.StopAsync();
    }

    /// <summary>One run, and a look at the pool: a fresh key draws, and a known one does not.</summary>
    private static async Task<Load> RunAsync(PoolClient pool, string url, WrkRequest request, Effort effort, CancellationToken cancellation)
    {
        if (request.Keys == "same")
            _ = await pool.DrawAsync(cancellation, request.Key);

        var before = await pool.DrawnAsync(cancellation);
        var load = await Wrk.RunAsync(url, request, Connections, effort.Seconds, cancellation);
        var drawn = await pool.DrawnAsync(cancellation) - before;
        // What was under way when the run before this one ended may count as well.
        var asExpected = request.Keys == "same" ? drawn <= Connections : drawn >= load.Requests;
        return asExpected
            ? load
            : throw new InvalidOperationException($"{load.Requests} requests by {request.Method} with keys '{request.Keys}' have drawn {drawn} numbers.");
    }
}
