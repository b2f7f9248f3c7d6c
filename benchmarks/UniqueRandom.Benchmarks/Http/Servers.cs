using UniqueRandom.Benchmarks.Disk;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>The servers that are measured, each on a database of the workspace.</summary>
internal static class Servers
{
    /// <summary>The database with <see cref="Results.LargeSize"/> numbers.</summary>
    public const string Large = "large.db";

    /// <summary>The database with <see cref="Results.LargeSize"/> numbers, of which ever more are drawn.</summary>
    public const string Levels = "levels.db";

    public static Task<ServerProcess> ServeAsync(Workspace workspace, string database, int size, CancellationToken cancellation, string? program = null) =>
        ServerProcess.StartAsync(program ?? Programs.Server, ["--database", workspace.PathOf(database), "--maximum", $"{size}"], workspace.PathOf("."), cancellation);

    /// <summary>One server of a pool in PostgreSQL; those after the first find the pool and share it.</summary>
    public static Task<ServerProcess> ServeNodeAsync(Workspace workspace, PostgresServer postgres, string database, int size, CancellationToken cancellation) =>
        ServerProcess.StartAsync(
            Programs.Server,
            ["--store", "postgres", "--connection-string", postgres.ConnectionString(database), "--maximum", $"{size}"],
            workspace.PathOf("."),
            cancellation);

    public static Task<ServerProcess> ServeRivalAsync(Workspace workspace, string database, int size, double percentFilled, CancellationToken cancellation) =>
        ServerProcess.StartAsync(
            Programs.Benchmarks,
            ["generate-and-test", "--database", workspace.PathOf(database), "--size", $"{size}", "--filled", $"{percentFilled}"],
            workspace.PathOf("."),
            cancellation);

    public static Task<ServerProcess> ServeBareAsync(Workspace workspace, CancellationToken cancellation) =>
        ServerProcess.StartAsync(Programs.Benchmarks, ["bare"], workspace.PathOf("."), cancellation);

    /// <summary>Draws up to a share of a pool, without a server in between.</summary>
    public static async Task AdvanceAsync(Workspace workspace, string database, int size, double percentDrawn, CancellationToken cancellation) =>
        await (await PreparedPool.OpenAsync(workspace.PathOf(database), size, percentDrawn, cancellation)).DisposeAsync();
}
