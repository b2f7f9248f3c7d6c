using UniqueRandom.Benchmarks.Figures;
using UniqueRandom.Benchmarks.Load;
using UniqueRandom.Benchmarks.Processes;

namespace UniqueRandom.Benchmarks.Measurements;

/// <summary>Draws with keys and draws of many numbers. The cursor of the pool tells whether they drew what they should.</summary>
internal static class Drawing
{
    private const int Count = 1000;
    private const int BatchConnections = 8;

    /// <summary>Measures draws with a fresh key against draws without a key, and replayed draws.</summary>
    public static async Task MeasureKeysAsync(Bench bench)
    {
        await using var server = await bench.ServeAsync("keys.db");
        using var pool = new PoolClient(server, bench.CancellationToken);
        var get = new Turn("`/random`", 64, () => LoadAsync("GET", "none"));
        var getKeyed = new Turn("`/random` with a fresh key", 64, () => LoadAsync("GET", "fresh"));
        var post = new Turn("`POST` of one draw", 64, () => LoadAsync("POST", "none"));
        var postKeyed = new Turn("`POST` of one draw with a fresh key", 64, () => LoadAsync("POST", "fresh"));
        var replay = new Turn("`POST` of one draw, replayed", 64, () => LoadAsync("POST", "same"));
        Turn[] turns = [get, getKeyed, post, postKeyed, replay];
        await bench.RunRoundsAsync(turns);

        const string row = "A draw with a key writes a row of its own to the draw log and to the index of keys. "
            + "Draws without a key share a row.";
        bench.Results.Add(
            new Ratio("`/random` with a fresh key ÷ without, 64 connections", getKeyed.Rate.Over(get.Rate), row),
            new Ratio("`POST` of one draw with a fresh key ÷ without, 64 connections", postKeyed.Rate.Over(post.Rate), row));
        bench.Results.AddSection(
            "Keys",
            """
            A fresh key is an `Idempotency-Key` that was never sent before. A replayed draw has a known key: it is answered with
            the same numbers, and nothing is drawn. The same script builds all requests, and builds a key even if it is not sent.
            """,
            Turn.Table(turns));

        async Task<LoadResult> LoadAsync(string method, string keys)
        {
            // With the 12 digits of the script, a fresh key is as long as a UUID.
            var key = Guid.NewGuid().ToString("n")[..24];
            var request = new WrkRequest(method, keys, key, method == "POST" ? """{"count":1}""" : "");
            Task<LoadResult> RunAsync() => bench.LoadAsync(method == "POST" ? server.Draws : server.Random, 64, request);
            if (keys != "same")
                return await Bench.CheckAsync(pool, RunAsync);

            _ = await pool.DrawAsync(key);
            var before = await pool.CountDrawnAsync();
            var result = await RunAsync();
            // Requests of the run before can still be committed during this one.
            var drawn = await pool.CountDrawnAsync() - before;
            return drawn <= 64 ? result : throw new InvalidOperationException($"{result.Requests} replays drew {drawn} numbers.");
        }
    }

    /// <summary>Measures draws of many numbers at once. Each round has a new pool, which would soon be exhausted.</summary>
    public static async Task MeasureBatchesAsync(Bench bench)
    {
        var request = new WrkRequest("POST", Body: $$"""{"count":{{Count}}}""");
        var draws = new Turn($"`POST` of a draw of {Count:N0}", BatchConnections, LoadAsync);
        for (var round = 1; round <= bench.Effort.Rounds; round++)
        {
            Bench.Log($"round {round} of {bench.Effort.Rounds}");
            await draws.RunAsync();
            bench.Workspace.Remove("batches.db");
        }

        var name = $"numbers a second in draws of {Count:N0}, {BatchConnections} connections";
        bench.Results.Add(new Figure(name, draws.Rate.Times(Count), "N0"));
        bench.Results.AddSection("Draws of many numbers", Turn.Table(draws));

        async Task<LoadResult> LoadAsync()
        {
            await using var server = await bench.ServeAsync("batches.db");
            using var pool = new PoolClient(server, bench.CancellationToken);
            _ = await bench.LoadAsync(server.Draws, BatchConnections, request, seconds: 1);
            return await Bench.CheckAsync(pool, () => bench.LoadAsync(server.Draws, BatchConnections, request), Count);
        }
    }
}
