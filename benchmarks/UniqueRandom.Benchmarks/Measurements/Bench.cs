using UniqueRandom.Benchmarks.Disk;
using UniqueRandom.Benchmarks.Figures;
using UniqueRandom.Benchmarks.Load;
using UniqueRandom.Benchmarks.Processes;

namespace UniqueRandom.Benchmarks.Measurements;

/// <summary>How much is measured.</summary>
/// <param name="Rounds">How often each figure is measured.</param>
/// <param name="Seconds">The seconds of each run of a load generator.</param>
/// <param name="Pairs">The pairs of runs that compare processor time.</param>
internal sealed record Effort(int Rounds, int Seconds, int Pairs);

/// <summary>What a part of the measurement works with: its own workspace, and the earlier build if there is one.</summary>
internal sealed record Bench(
    Workspace Workspace, Effort Effort, string? Earlier, Results Results, CancellationToken CancellationToken)
{
    /// <summary>The size of the pool that most parts draw from.</summary>
    public const int LargeSize = 100_000_000;

    /// <summary>The size of the pool that a server has by default.</summary>
    public const int DefaultSize = 1_000_000;

    /// <summary>The size of a partly drawn pool, or of a partly filled table of generate-and-test.</summary>
    public const int PartlyDrawnSize = 10_000_000;

    /// <summary>Writes progress to the standard error.</summary>
    public static void Log(string progress) => Console.Error.WriteLine($"{DateTime.Now:HH:mm:ss} {progress}");

    /// <summary>Serves a SQLite database, which is seeded if it does not exist.</summary>
    /// <param name="database">The name of the file.</param>
    /// <param name="size">The largest number; the smallest is 1.</param>
    /// <param name="program">The server; the one of this build by default.</param>
    /// <param name="prefix">A program that starts the server, with its arguments.</param>
    /// <param name="switches">More switches of the server.</param>
    public Task<MeasuredServer> ServeAsync(
        string database, int size = LargeSize, string? program = null, string[]? prefix = null, string[]? switches = null) =>
        StartAsync(
        [
            .. prefix ?? [], program ?? Programs.Server, "--database", Workspace.PathOf(database), "--maximum", $"{size}",
            .. switches ?? [],
        ]);

    /// <summary>Serves a pool in PostgreSQL.</summary>
    public Task<MeasuredServer> ServeNodeAsync(string connectionString, int size) =>
        StartAsync(
        [
            Programs.Server, "--store", "postgres", "--connection-string", connectionString, "--maximum", $"{size}", "--mark",
            Workspace.PathOf($"{Guid.NewGuid():n}.mark"),
        ]);

    public Task<MeasuredServer> ServeBareAsync() => StartAsync(Programs.Rival("bare"));

    public Task<MeasuredServer> ServeGenerateAndTestAsync(string database, int size, double filled) => StartAsync(Programs.Rival(
        "generate-and-test", "--database", Workspace.PathOf(database), "--size", $"{size}", "--filled", $"{filled}"));

    /// <summary>Seeds a database if it does not exist, and draws until a percentage of it is drawn.</summary>
    public async Task PrepareAsync(string database, int size, double percentDrawn) =>
        await (await PreparedPool.OpenAsync(Workspace.PathOf(database), size, percentDrawn, CancellationToken)).DisposeAsync();

    /// <summary>Runs wrk, for the seconds of a run by default.</summary>
    public Task<LoadResult> LoadAsync(string url, int connections, WrkRequest? request = null, int? seconds = null) =>
        Wrk.RunAsync(url, connections, seconds ?? Effort.Seconds, request, CancellationToken);

    /// <summary>Runs a load, and checks at the pool that each request drew its numbers.</summary>
    public static async Task<LoadResult> CheckAsync(
        PoolClient client, Func<Task<LoadResult>> loadAsync, int count = 1, string pool = PoolClient.DefaultPool)
    {
        var before = await client.CountDrawnAsync(pool);
        var result = await loadAsync();
        var drawn = await client.CountDrawnAsync(pool) - before;
        return drawn >= result.Requests * count
            ? result
            : throw new InvalidOperationException($"{result.Requests} requests for {count} numbers drew {drawn}.");
    }

    /// <summary>Creates a turn that runs wrk.</summary>
    public Turn Load(string name, int connections, string url) => new(name, connections, () => LoadAsync(url, connections));

    /// <summary>Runs each turn once without recording it, and then all of them in each round.</summary>
    /// <param name="turns">The turns; those that are compared are neighbors.</param>
    /// <param name="mirrored">Whether each round also has the reverse order, because a turn affects the disk of the next.</param>
    /// <param name="maximumRounds">The most rounds.</param>
    public async Task RunRoundsAsync(IReadOnlyList<Turn> turns, bool mirrored = false, int maximumRounds = int.MaxValue)
    {
        foreach (var turn in turns)
            _ = await turn.WarmUpAsync();

        var rounds = Math.Min(Effort.Rounds, maximumRounds);
        for (var round = 1; round <= rounds; round++)
        {
            Log($"round {round} of {rounds}");
            foreach (var turn in mirrored ? turns.Concat(turns.Reverse()) : turns)
                await turn.RunAsync();
        }
    }

    private Task<MeasuredServer> StartAsync(string[] commandLine) =>
        MeasuredServer.StartAsync(commandLine, Workspace.PathOf("."), CancellationToken);
}
