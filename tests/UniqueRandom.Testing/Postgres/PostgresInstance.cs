using CliWrap.Exceptions;
using Npgsql;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Testing.Postgres;

/// <summary>
/// A PostgreSQL server of a test's own, which may be killed, frozen and copied. As durable as the product asks for: only initdb
/// and the copies are not synced.
/// </summary>
internal sealed class PostgresInstance : IAsyncDisposable
{
    /// <summary>
    /// Those that a copy shares. A standby that was away catches up from what is kept of the log, because a slot would not
    /// survive a failover.
    /// </summary>
    private const string Settings = """

        listen_addresses = '127.0.0.1'
        shared_buffers = 32MB
        dynamic_shared_memory_type = mmap
        max_connections = 100
        wal_level = replica
        wal_keep_size = 1GB
        wal_log_hints = on
        hot_standby = on
        wal_sender_timeout = 3s
        wal_receiver_timeout = 3s
        wal_retrieve_retry_interval = 100ms
        restart_after_crash = off

        """;

    private readonly string directory;

    private PostgresInstance(string name, string directory) => (Name, this.directory) = (name, directory);

    /// <summary>What a primary knows it by, as a standby.</summary>
    public string Name { get; }

    public int Port { get; } = LoopbackPort.Take();

    private string Data => Path.Combine(directory, "data");

    private string Log => Path.Combine(directory, "log");

    /// <summary>Creates an empty server and starts it. Skips the test where PostgreSQL is not installed.</summary>
    /// <param name="name">Its name as a standby.</param>
    /// <param name="settings">Lines of postgresql.conf.</param>
    public static async Task<PostgresInstance> CreateAsync(string name = "n1", params string[] settings)
    {
        var instance = await PrepareAsync(name);
        return await instance.OrRemovedAsync(async () =>
        {
            await PostgresPrograms.RunAsync(
                "initdb", "-D", instance.Data, "-U", "postgres", "-E", "UTF8", "--locale=C", "--auth=trust", "-k", "-N");
            await File.AppendAllTextAsync(
                Path.Combine(instance.Data, "postgresql.conf"), Settings + string.Join('\n', settings) + "\n");
            await instance.StartAsync();
        });
    }

    /// <summary>Creates a standby of this one and starts it. It is not synchronous unless this one asks for its name.</summary>
    public async Task<PostgresInstance> CloneAsync(string name)
    {
        var clone = await PrepareAsync(name);
        return await clone.OrRemovedAsync(() => clone.FollowAsync(this));
    }

    /// <summary>Gives up whatever this one has, running or not, and comes back on the same port as a new standby.</summary>
    public async Task FollowAsync(PostgresInstance primary)
    {
        await PostgresProcesses.WipeAsync(directory);
        await PostgresPrograms.RunAsync(
            "pg_basebackup", "-h", "127.0.0.1", "-p", $"{primary.Port}", "-U", "postgres", "-D", Data, "-R", "-X", "stream", "-c",
            "fast", "-N");
        // What is asked of the primary is asked again of whoever is promoted, if it is.
        await File.AppendAllTextAsync(Path.Combine(Data, "postgresql.auto.conf"), "synchronous_standby_names = ''\n");
        await StartAsync();
    }

    /// <summary>Returns when it answers. What a copy does not share is said here, so that it needs no editing.</summary>
    public async Task StartAsync()
    {
        try
        {
            await PostgresPrograms.RunAsync(
                "pg_ctl", "-D", Data, "-l", Log, "-w", "-o", $"-p {Port} -k {directory} -c cluster_name={Name}", "start");
        }
        catch (CommandExecutionException error) when (File.Exists(Log))
        {
            throw new InvalidOperationException($"{error.Message}\n{await File.ReadAllTextAsync(Log)}", error);
        }
    }

    /// <summary>Stops it in one of PostgreSQL's ways: smart, fast or immediate.</summary>
    public Task StopAsync(string mode = "fast") => PostgresPrograms.RunAsync("pg_ctl", "-D", Data, "-w", "-m", mode, "stop");

    /// <summary>kill -9 of every process. Returns when they are gone.</summary>
    public Task KillAsync() => PostgresProcesses.CrashAsync(directory);

    /// <summary>Stops every process without ending it. The kernel still accepts connections for it.</summary>
    public Task FreezeAsync() => PostgresProcesses.FreezeAsync(directory);

    public Task ThawAsync() => PostgresProcesses.ThawAsync(directory);

    /// <summary>Returns when it takes writes.</summary>
    /// <remarks>
    /// Not by the function pg_promote: while a standby catches up, its replay may have to wait for the snapshot of that
    /// statement, which waits for the end of the replay.
    /// </remarks>
    public async Task PromoteAsync()
    {
        await PostgresPrograms.RunAsync("pg_ctl", "-D", Data, "-w", "promote");
        await Eventually.TrueAsync(async () => !await ScalarAsync<bool>("SELECT pg_is_in_recovery()"), $"{Name} takes writes");
    }

    public string ConnectionString(string database = "postgres") =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = Port, Username = "postgres", Database = database }
            .ConnectionString;

    public Task ExecuteAsync(string sql) => PostgresSql.ExecuteAsync(ConnectionString(), sql);

    public Task<T?> ScalarAsync<T>(string sql) => PostgresSql.ScalarAsync<T>(ConnectionString(), sql);

    /// <summary>Returns when connections from now on have the setting, and the other processes are told.</summary>
    public async Task SetAsync(string setting, string value)
    {
        var before = await ScalarAsync<DateTime>("SELECT pg_conf_load_time()");
        await ExecuteAsync($"ALTER SYSTEM SET {setting} = '{value}'");
        await ExecuteAsync("SELECT pg_reload_conf()");
        await Eventually.TrueAsync(
            async () => await ScalarAsync<DateTime>("SELECT pg_conf_load_time()") > before, $"{Name} has read its settings");
    }

    /// <summary>Kills what runs, frozen or not, and removes its directory.</summary>
    public async ValueTask DisposeAsync() => await PostgresProcesses.RemoveAsync(directory);

    /// <summary>An empty directory, of the user that PostgreSQL is run by and of nobody else.</summary>
    private static async Task<PostgresInstance> PrepareAsync(string name)
    {
        Assert.SkipUnless(PostgresPrograms.AreInstalled, $"To run this test, {PostgresPrograms.Advice}");
        var directory = (await PostgresPrograms.RunAsync(
            "/usr/bin/mktemp", "-d", Path.Combine(Path.GetTempPath(), "ur-postgres-XXXXXX"))).Trim();
        PostgresProcesses.Watch(directory);
        return new PostgresInstance(name, directory);
    }

    private async Task<PostgresInstance> OrRemovedAsync(Func<Task> setUp)
    {
        try
        {
            await setUp();
            return this;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }
}
