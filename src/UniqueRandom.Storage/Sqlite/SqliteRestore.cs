using System.Globalization;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Puts a backup in the place of a database that no server uses, so that it repeats no number.</summary>
/// <param name="backup">The backup.</param>
/// <param name="database">The path of the database, which need not exist.</param>
/// <param name="options">Its mark, and what the operator knows.</param>
/// <param name="time">The clock.</param>
public sealed class SqliteRestore(string backup, string database, MarkOptions options, TimeProvider time)
{
    private readonly string backup = Path.GetFullPath(backup);
    private readonly string database = Path.GetFullPath(database);

    /// <summary>Gets where the database that is replaced goes; null if there is none.</summary>
    public string? Replaced { get; private set; }

    /// <summary>Checks the backup, and plans how its pools go on. Changes nothing.</summary>
    /// <param name="progress">Receives the progress of the check, or null.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <returns>The pools, and how many numbers each one gives up.</returns>
    /// <exception cref="StoreRefusedException">
    /// The backup is damaged, the database is in use, or the operator has to say how many numbers were drawn.
    /// </exception>
    /// <exception cref="InsufficientMemoryException">Less memory is free than the order of a pool needs.</exception>
    public IReadOnlyList<RestoredPool> Plan(IProgress<CheckProgress>? progress, CancellationToken cancellationToken)
    {
        if (backup == database)
            throw new StoreRefusedException($"'{backup}' is the database itself; name a backup of it.");
        if (File.Exists($"{backup}-wal"))
            throw new StoreRefusedException($"'{backup}' has a log beside it, so it is no backup; name a backup.");
        using var turn = FileLock.Take(database, "database");
        SqliteCheck.Run(backup, progress, cancellationToken);
        using var check = SqliteCheck.Open(backup, cancellationToken);
        using var mark = SqliteMark.Compare(check.File, SqliteMark.PathFor(database, options), check.Pools);
        var targets = mark.PlanResume(check.Pools, check.Chunks, Resume);
        if (File.Exists(database))
        {
            var now = time.GetStoredNow().UtcDateTime;
            Replaced = string.Create(CultureInfo.InvariantCulture, $"{database}.replaced-{now:yyyyMMdd'T'HHmmss'.'fff'Z'}");
        }

        return
        [
            .. from pool in check.Pools
               let skipped = targets is not null && targets.TryGetValue(pool, out var target) ? target - pool.Cursor : 0
               select new RestoredPool(pool.Definition, pool.Snapshot().State, pool.Cursor, skipped),
        ];
    }

    /// <summary>Replaces the database. Interrupted at any point, no server starts from a wrong one.</summary>
    /// <exception cref="StoreRefusedException">It can't be replaced. The message says what is where.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var copy = $"{database}.restoring";
        try
        {
            using var turn = FileLock.Take(database, "database");
            Copy(copy);
            if (Replaced is not null)
                MoveAway(Replaced);
            File.Move(copy, database);
            FileSync.SyncDirectory(Path.GetDirectoryName(database)!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreRefusedException(
                $"The database '{database}' can't be replaced ({error.Message.TrimEnd('.')}); the backup is as it was. "
                + "Repeat the command.",
                error);
        }

        await using var store = new SqlitePoolStore(database, time, options with { Resume = Resume });
        await store.OpenAsync(expected: null, cancellationToken);
    }

    private ResumeAfterRestore Resume => options.Resume ?? ResumeAfterRestore.Parse("")!;

    private void Copy(string copy)
    {
        File.Delete(copy);
        using var source = new FileStream(backup, FileMode.Open, FileAccess.Read, FileShare.Read);
        var created = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            created.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var target = new FileStream(copy, created);
        source.CopyTo(target);
        FileSync.Sync(target);
    }

    /// <summary>Moves a database with its log, so that it can be put back by the same names.</summary>
    private void MoveAway(string target)
    {
        // The log first: a database that was not closed is refused without it.
        if (File.Exists($"{database}-wal"))
            File.Move($"{database}-wal", $"{target}-wal");
        File.Delete($"{database}-shm");
        File.Move(database, target);
    }
}

/// <summary>A pool of a backup.</summary>
/// <param name="Definition">Its name and its range.</param>
/// <param name="State">Its state.</param>
/// <param name="Drawn">How many of its numbers were drawn when the backup was written.</param>
/// <param name="Skipped">How many numbers it gives up, because they may have been handed out since.</param>
public sealed record RestoredPool(PoolDefinition Definition, PoolState State, long Drawn, long Skipped);
