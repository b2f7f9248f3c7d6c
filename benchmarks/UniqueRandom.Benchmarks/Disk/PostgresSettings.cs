using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Benchmarks.Disk;

/// <summary>The settings of a measured PostgreSQL server.</summary>
internal static class PostgresSettings
{
    private static readonly string[] Durability = ["fsync", "full_page_writes", "synchronous_commit"];
    private static readonly string[] Others = ["wal_sync_method", "shared_buffers", "max_connections"];

    /// <summary>Describes the version and the settings.</summary>
    /// <exception cref="InvalidOperationException">The server does not commit durably.</exception>
    public static async Task<string> DescribeAsync(PostgresInstance server)
    {
        var settings = new List<string>();
        foreach (var name in Durability.Concat(Others))
        {
            var value = await server.ScalarAsync<string>($"SHOW {name}");
            settings.Add($"`{name} = {value}`");
            if (Durability.Contains(name) && value != "on")
                throw new InvalidOperationException($"PostgreSQL has {name} = {value}, so it can't be compared.");
        }

        var version = await server.ScalarAsync<string>("SHOW server_version");
        var lines = string.Join(",\n", settings.Chunk(3).Select(few => string.Join(", ", few)));
        return $"PostgreSQL {version} without a standby, with\n{lines};\nall other settings are the defaults.";
    }
}
