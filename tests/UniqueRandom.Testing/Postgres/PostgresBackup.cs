namespace UniqueRandom.Testing.Postgres;

/// <summary>A base backup of a server with an archive of its WAL, to which the server can go back.</summary>
internal sealed class PostgresBackup
{
    private readonly PostgresInstance server;

    private PostgresBackup(PostgresInstance server) => this.server = server;

    private string Base => server.Place("base");

    private string Archive => server.Place("archive");

    /// <summary>Starts the archive, and backs the server up. It goes on.</summary>
    public static async Task<PostgresBackup> CreateAsync(PostgresInstance server)
    {
        var backup = new PostgresBackup(server);
        await PostgresPrograms.RunAsync("/bin/mkdir", backup.Archive);
        await server.ExecuteAsync("ALTER SYSTEM SET archive_mode = on");
        await server.ExecuteAsync($"ALTER SYSTEM SET archive_command = 'cp %p {backup.Archive}/%f'");
        await server.StopAsync();
        await server.StartAsync();
        await PostgresPrograms.RunAsync(
            "pg_basebackup", "-h", "127.0.0.1", "-p", $"{server.Port}", "-U", "postgres", "-D", backup.Base, "-X", "none", "-c",
            "fast", "--no-manifest");
        return backup;
    }

    /// <summary>Names the present moment, and makes sure that the archive reaches it.</summary>
    public async Task NameMomentAsync(string name)
    {
        await server.ExecuteAsync($"SELECT pg_create_restore_point('{name}')");
        await server.ExecuteAsync("SELECT pg_switch_wal()");
    }

    /// <summary>Replaces the data of the server, which is stopped or killed, by those of a moment, and starts it.</summary>
    public async Task RestoreAsync(string name)
    {
        await PostgresPrograms.RunAsync("/bin/rm", "-rf", server.Data);
        await PostgresPrograms.RunAsync("/bin/cp", "-a", Base, server.Data);
        await File.AppendAllTextAsync(
            Path.Combine(server.Data, "postgresql.auto.conf"),
            $"restore_command = 'cp {Archive}/%f %p'\nrecovery_target_name = '{name}'\nrecovery_target_action = 'promote'\n"
            + "archive_mode = off\n");
        await PostgresPrograms.RunAsync("/usr/bin/touch", Path.Combine(server.Data, "recovery.signal"));
        await server.StartAsync();
        await Time.Eventually.TrueAsync(
            async () => !await server.ScalarAsync<bool>("SELECT pg_is_in_recovery()"), $"{server.Name} is restored");
    }
}
