using CliWrap.Exceptions;
using Npgsql;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Testing.Postgres;

/// <summary>
/// A PostgreSQL server for one test, which can be killed, frozen and cloned. Its commits are durable; only initdb and the clones
/// are not synced.
/// </summary>
internal sealed class PostgresInstance : IAsyncDisposable
{
    /// <summary>
    /// The settings that clones share. A standby that was away catches up from the kept WAL, because a slot would not survive a
    /// failover.
    /// </summary>
    private const string Settings = """

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

    /// <summary>The application name as a standby.</summary>
    public string Name { get; }

    public int Port { get; } = LoopbackPort.Take();

    /// <summary>The switches of a new node, which stores its pools in the database <c>postgres</c>.</summary>
    public string[] Switches => TestDatabase.SwitchesOfNode(ConnectionString());

    /// <summary>The data directory.</summary>
    public string Data => Path.Combine(directory, "data");

    /// <summary>A place for files of its user, which is removed with the server.</summary>
    public string Place(string name) => Path.Combine(directory, name);

    private string Log => Path.Combine(directory, "log");

    /// <summary>Creates an empty server and starts it. Skips the test where PostgreSQL is not installed.</summary>
    /// <param name="name">The application name as a standby.</param>
    /// <param name="settings">Lines of postgresql.conf.</param>
    public static async Task<PostgresInstance> CreateAsync(string name = "n1", params string[] settings)
    {
        var instance = await PrepareAsync(name, Path.GetTempPath());
        return await instance.OrRemovedAsync(() => instance.InitializeAsync(["-k"], [Settings, .. settings]));
    }

    /// <summary>Creates and starts a server with the default settings of PostgreSQL, but for those given.</summary>
    /// <param name="parent">The directory of its directory.</param>
    /// <param name="settings">Lines of postgresql.conf.</param>
    public static async Task<PostgresInstance> CreateDefaultAsync(string parent, params string[] settings)
    {
        var instance = await PrepareAsync("n1", parent);
        return await instance.OrRemovedAsync(() => instance.InitializeAsync([], settings));
    }

    /// <summary>Creates and starts a standby. It is synchronous only if this server's settings name it.</summary>
    public async Task<PostgresInstance> CloneAsync(string name)
    {
        var clone = await PrepareAsync(name, Path.GetTempPath());
        return await clone.OrRemovedAsync(() => clone.FollowAsync(this));
    }

    /// <summary>Discards the data of this server, running or not, and restarts it on the same port as a new standby.</summary>
    public async Task FollowAsync(PostgresInstance primary)
    {
        await PostgresProcesses.WipeAsync(directory);
        await PostgresPrograms.RunAsync(
            "pg_basebackup", "-h", "127.0.0.1", "-p", $"{primary.Port}", "-U", "postgres", "-D", Data, "-R", "-X", "stream", "-c",
            "fast", "-N");
        // The copied settings name a standby that this server would not have after a promotion.
        await File.AppendAllTextAsync(Path.Combine(Data, "postgresql.auto.conf"), "synchronous_standby_names = ''\n");
        await StartAsync();
    }

    /// <summary>Starts the server and waits until it answers. Sets what differs between clones on the command line.</summary>
    public async Task StartAsync()
    {
        // TCP only: the path of a socket file is limited to about a hundred bytes.
        var own = $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c cluster_name={Name}";
        try
        {
            await PostgresPrograms.RunAsync("pg_ctl", "-D", Data, "-l", Log, "-w", "-o", own, "start");
        }
        catch (CommandExecutionException error) when (File.Exists(Log))
        {
            throw new InvalidOperationException($"{error.Message}\n{await File.ReadAllTextAsync(Log)}", error);
        }
    }

    /// <summary>Stops the server in one of PostgreSQL's modes: smart, fast or immediate.</summary>
    public Task StopAsync(string mode = "fast") => PostgresPrograms.RunAsync("pg_ctl", "-D", Data, "-w", "-m", mode, "stop");

    /// <summary>Kills every process with SIGKILL, and waits until they are gone.</summary>
    public Task KillAsync() => PostgresProcesses.CrashAsync(directory);

    /// <summary>Suspends every process with SIGSTOP. The kernel still accepts connections.</summary>
    public Task FreezeAsync() => PostgresProcesses.FreezeAsync(directory);

    public Task ThawAsync() => PostgresProcesses.ThawAsync(directory);

    /// <summary>Waits until this standby has everything that the primary has now.</summary>
    public async Task CatchUpAsync(PostgresInstance primary)
    {
        var end = await primary.ScalarAsync<string>("SELECT pg_current_wal_lsn()::text");
        await Eventually.TrueAsync(
            () => ScalarAsync<bool>($"SELECT pg_last_wal_replay_lsn() >= '{end}'::pg_lsn"), $"{Name} has {end}");
    }

    /// <summary>Promotes the server, and waits until it accepts writes.</summary>
    /// <remarks>
    /// Does not use the function pg_promote: while a standby catches up, its replay may have to wait for the snapshot of that
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

    /// <summary>Changes a setting, and waits until new connections have it.</summary>
    public async Task SetAsync(string setting, string value)
    {
        var before = await ScalarAsync<DateTime>("SELECT pg_conf_load_time()");
        await ExecuteAsync($"ALTER SYSTEM SET {setting} = '{value}'");
        await ExecuteAsync("SELECT pg_reload_conf()");
        await Eventually.TrueAsync(
            async () => await ScalarAsync<DateTime>("SELECT pg_conf_load_time()") > before, $"{Name} has read its settings");
    }

    /// <summary>Kills the server, frozen or not, and removes its directory.</summary>
    public async ValueTask DisposeAsync() => await PostgresProcesses.RemoveAsync(directory);

    /// <summary>Creates an empty directory that only the user of PostgreSQL can access.</summary>
    private static async Task<PostgresInstance> PrepareAsync(string name, string parent)
    {
        Assert.SkipUnless(PostgresPrograms.AreInstalled, $"To run this test, {PostgresPrograms.Advice}");
        var directory = (await PostgresPrograms.RunAsync(
            "/usr/bin/mktemp", "-d", Path.Combine(parent, "ur-postgres-XXXXXX"))).Trim();
        PostgresProcesses.Watch(directory);
        return new PostgresInstance(name, directory);
    }

    private async Task InitializeAsync(string[] options, string[] settings)
    {
        string[] always = ["-D", Data, "-U", "postgres", "-E", "UTF8", "--locale=C", "--auth=trust", "-N"];
        await PostgresPrograms.RunAsync("initdb", [.. always, .. options]);
        await File.AppendAllLinesAsync(Path.Combine(Data, "postgresql.conf"), settings);
        await StartAsync();
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
