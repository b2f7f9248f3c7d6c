using Npgsql;

namespace UniqueRandom.Benchmarks.Processes;

/// <summary>A private PostgreSQL server, with the default settings except for the number of connections.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private static readonly string[] Durability = ["fsync", "full_page_writes", "synchronous_commit"];
    private static readonly string[] OtherSettings = ["wal_sync_method", "shared_buffers", "max_connections"];

    private readonly string data;

    private PostgresServer(string data) => this.data = data;

    public int Port { get; } = Programs.FindFreePort();

    /// <summary>Creates and starts a server in an empty directory.</summary>
    public static async Task<PostgresServer> StartAsync(string directory, CancellationToken cancellationToken)
    {
        var server = new PostgresServer(Path.Combine(directory, "data"));
        if (Environment.IsPrivilegedProcess)
            _ = await Programs.RunAsync("chown", [PostgresPrograms.User, directory], cancellationToken);

        // Not cancelled: a runuser that is killed leaves its child behind.
        string[] options = ["-U", PostgresPrograms.User, "-A", "trust", "-E", "UTF8", "--no-locale"];
        _ = await PostgresPrograms.RunAsync("initdb", ["-D", server.data, .. options], CancellationToken.None);
        // TCP only: the path of a socket file is limited to about a hundred bytes.
        var settings = $"-c listen_addresses=127.0.0.1 -c port={server.Port} -c unix_socket_directories= -c max_connections=300";
        string[] start = ["-D", server.data, "-l", Path.Combine(directory, "log"), "-o", settings, "-w", "start"];
        _ = await PostgresPrograms.RunAsync("pg_ctl", start, CancellationToken.None);
        return server;
    }

    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={Port};Username={PostgresPrograms.User};Database={database}";

    /// <summary>Runs a statement, and returns the first value of its result as text.</summary>
    public async Task<string?> ExecuteAsync(string statement, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres") + ";Command Timeout=0");
        await using var command = source.CreateCommand(statement);
        return (await command.ExecuteScalarAsync(cancellationToken))?.ToString();
    }

    /// <summary>Describes the version and the settings.</summary>
    /// <exception cref="InvalidOperationException">The server does not commit durably.</exception>
    public async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        var settings = new List<string>();
        foreach (var name in Durability.Concat(OtherSettings))
        {
            var value = await ExecuteAsync($"SHOW {name}", cancellationToken);
            settings.Add($"`{name} = {value}`");
            if (Durability.Contains(name) && value != "on")
                throw new InvalidOperationException($"PostgreSQL has {name} = {value}, so it can't be compared.");
        }

        var version = await ExecuteAsync("SHOW server_version", cancellationToken);
        var lines = string.Join(",\n", settings.Chunk(3).Select(few => string.Join(", ", few)));
        return $"PostgreSQL {version} without a standby, with\n{lines};\nall other settings are the defaults.";
    }

    public async ValueTask DisposeAsync() =>
        await PostgresPrograms.RunAsync("pg_ctl", ["-D", data, "-m", "fast", "-w", "stop"], CancellationToken.None);
}
