using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Maintenance;

/// <summary>A store that pools move to: a file, or a database of PostgreSQL, which it owns.</summary>
internal sealed class TransferPlace(TemporaryDirectory directory, string file, TestDatabase? database) : IAsyncDisposable
{
    public string Name => database is null ? file : "PostgreSQL";

    /// <summary>Gets what the verb calls it.</summary>
    public string End => database?.ConnectionString ?? file;

    private string[] Switches => database?.Switches ?? ["--database", file];

    /// <summary>Gets whether a process has its file. A file of a killed one locks nothing, and is removed before.</summary>
    public bool IsLocked => database is null && File.Exists(LockFile);

    private string LockFile => directory.File($"{file}.lock");

    public void RemoveLock() => File.Delete(LockFile);

    /// <summary>Starts a server.</summary>
    /// <returns>Null if it refuses because the pools have moved.</returns>
    public async Task<ServerProcess?> TryStartAsync()
    {
        var server = ServerProcess.Launch(directory, Switches);
        var serving = server.LineAsync("Serving pool");
        await ((Task)serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (serving.IsCompletedSuccessfully)
            return await ServerProcess.ServeAsync(server);

        await using (server)
        {
            Assert.Equal(1, await server.ExitAsync());
            Assert.Contains("has moved its pools to", Assert.Single(server.Errors));
            return null;
        }
    }

    /// <summary>Starts a server, and returns why it refuses.</summary>
    public async Task<string> RefusedAsync()
    {
        await using var server = ServerProcess.Launch(directory, Switches);
        Assert.Equal(1, await server.ExitAsync());
        return Assert.Single(server.Errors);
    }

    /// <summary>Whether it has pools that nothing keeps from being drawn from, read without the code under test.</summary>
    public Task<bool> IsWholeAsync() => IsAsync("transfer IS NULL", hasPools: true);

    /// <summary>Whether it says that a transfer was not finished.</summary>
    public Task<bool> IsUnfinishedAsync() => IsAsync("transfer IS NOT NULL AND moved_to IS NULL", hasPools: false);

    /// <summary>Whether a session of the database waits for a lock.</summary>
    public Task<bool> IsWaitedForAsync() => database!.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)");

    public async Task<string> DescribeAsync() =>
        await IsWholeAsync() ? "is whole" : await IsUnfinishedAsync() ? "is not whole" : "is empty";

    public ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<bool> IsAsync(string condition, bool hasPools)
    {
        const string pools = "EXISTS (SELECT 1 FROM {0}pool)";
        var sql = hasPools ? $"{condition} AND {pools}" : condition;
        if (database is not null)
        {
            return await database.ScalarAsync<bool>("SELECT to_regclass('uniquerandom.version') IS NOT NULL")
                && await database.ScalarAsync<bool>(
                    $"SELECT {sql.Replace("{0}", "uniquerandom.", StringComparison.Ordinal)} FROM uniquerandom.version");
        }

        if (!File.Exists(directory.File(file)))
            return false;
        // A copy, because a connection that is closed writes the log of a killed process back and removes it.
        using var copies = new TemporaryDirectory();
        var path = copies.File(file);
        File.Copy(directory.File(file), path);
        if (File.Exists($"{directory.File(file)}-wal"))
            File.Copy($"{directory.File(file)}-wal", $"{path}-wal");
        return new FileInfo(path).Length > 0
            && StoredDraws.Integer(path, "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'session'") == 1
            && StoredDraws.Integer(path, $"SELECT {sql.Replace("{0}", "", StringComparison.Ordinal)} FROM session") == 1;
    }
}
