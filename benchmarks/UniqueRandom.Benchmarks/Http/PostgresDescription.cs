namespace UniqueRandom.Benchmarks.Http;

/// <summary>Which PostgreSQL was measured, asked of the server itself.</summary>
/// <param name="Version">Its version, with that of the package.</param>
/// <param name="Settings">What a comparison rests on, as <c>name = value</c>.</param>
internal sealed record PostgresDescription(string Version, IReadOnlyList<string> Settings)
{
    private static readonly string[] Durable = ["fsync", "full_page_writes", "synchronous_commit"];
    private static readonly string[] Others = ["wal_sync_method", "shared_buffers", "max_connections"];

    /// <exception cref="InvalidOperationException">The server does not commit durably, so there is nothing to compare.</exception>
    public static async Task<PostgresDescription> OfAsync(PostgresServer server, CancellationToken cancellation)
    {
        var settings = new List<string>();
        foreach (var name in Durable.Concat(Others))
        {
            var value = await ShowAsync(name);
            settings.Add($"{name} = {value}");
            if (Durable.Contains(name) && value != "on")
                throw new InvalidOperationException($"PostgreSQL has {name} = {value} and does not commit durably, so there is nothing to compare.");
        }

        return new PostgresDescription(await ShowAsync("server_version"), settings);

        Task<string> ShowAsync(string name) => server.ExecuteAsync("postgres", [$"SHOW {name}"], cancellation);
    }
}
