using UniqueRandom.Benchmarks.Disk;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>
/// A private PostgreSQL server in the workspace, so on the disk of the SQLite databases, with its files removed at the end. Its settings are
/// the default ones, and so is its durability; only the connections that both sides open need more than there are by default.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Superuser = "postgres";
    private const int Connections = 300;

    private readonly PostgresPrograms programs;
    private readonly string directory;
    private readonly int port = Ports.Free();

    private PostgresServer(PostgresPrograms programs, string directory)
    {
        this.programs = programs;
        this.directory = directory;
    }

    private string Data => Path.Combine(directory, "data");

    private string Log => Path.Combine(directory, "log");

    public static async Task<PostgresServer> StartAsync(PostgresPrograms programs, Workspace workspace, CancellationToken cancellation)
    {
        var server = new PostgresServer(programs, workspace.NewDirectory("postgres"));
        try
        {
            await server.StartAsync(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={port};Username={Superuser};Database={database}";

    /// <summary>Runs statements one by one, each in a transaction of its own, and returns what they print.</summary>
    public async Task<string> ExecuteAsync(string database, IEnumerable<string> statements, CancellationToken cancellation)
    {
        var commands = statements.SelectMany(statement => new[] { "-c", statement });
        return (await RunAsync("psql", ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", .. commands, database], cancellation)).Trim();
    }

    /// <summary>Runs a client against this server.</summary>
    public Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellation) =>
        programs.RunAsync(program, ["-h", "127.0.0.1", "-p", $"{port}", "-U", Superuser, .. arguments], cancellation);

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
            _ = await programs.RunAsOwnerAsync("pg_ctl", "-D", Data, "-m", "fast", "-w", "stop");
        Directory.Delete(directory, recursive: true);
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        if (PostgresPrograms.NeedsOwner)
            _ = await Programs.RunAsync("chown", [PostgresPrograms.Owner, directory], cancellation);
        _ = await programs.RunAsOwnerAsync("initdb", "-D", Data, "-U", Superuser, "-A", "trust", "-E", "UTF8", "--no-locale");
        cancellation.ThrowIfCancellationRequested();

        // No socket file, whose path may be no longer than a hundred bytes: everybody comes by TCP.
        var settings = $"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c max_connections={Connections}";
        try
        {
            _ = await programs.RunAsOwnerAsync("pg_ctl", "-D", Data, "-l", Log, "-o", settings, "-w", "start");
        }
        catch (InvalidOperationException error) when (File.Exists(Log))
        {
            throw new InvalidOperationException($"PostgreSQL did not start: {await File.ReadAllTextAsync(Log, cancellation)}", error);
        }
    }
}
