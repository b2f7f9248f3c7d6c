using System.Globalization;
using Microsoft.Data.Sqlite;
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

    /// <summary>Gets the pools that the backup lacks, because they were created later.</summary>
    public IReadOnlyList<string> Missing { get; private set; } = [];

    private ResumeAfterRestore Resume => options.Resume ?? ResumeAfterRestore.Parse("")!;

    /// <summary>Gets the path of the backup's copy, before it takes the place of a database.</summary>
    internal static string CopyOf(string database) => $"{database}.restoring";

    /// <summary>Checks the backup, and plans how its pools go on. Changes nothing.</summary>
    /// <param name="progress">Receives the progress of the check, or null.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <returns>The pools, and how many numbers each one gives up.</returns>
    /// <exception cref="StoreRefusedException">
    /// The backup is damaged, the database is in use, or the operator has to say how many numbers were drawn.
    /// </exception>
    /// <exception cref="InsufficientDiskException">The disk of the database has no room for a copy of the backup.</exception>
    /// <exception cref="InsufficientMemoryException">Less memory is free than the order of a pool needs.</exception>
    public IReadOnlyList<RestoredPool> Plan(IProgress<CheckProgress>? progress, CancellationToken cancellationToken)
    {
        if (backup == database)
            throw new StoreRefusedException($"'{backup}' is the database itself; name a backup of it.");
        // A check that was killed leaves an empty one.
        if (new FileInfo($"{backup}-wal") is { Exists: true, Length: > 0 })
            throw new StoreRefusedException($"'{backup}' has a log beside it, so it is no backup; name a backup.");
        using var turn = FileLock.Take(database, "database");
        using var check = SqliteCheck.Open(backup);
        SqliteDisk.RequireCopy(check.File, Path.GetDirectoryName(database)!);
        check.VerifyEverything(progress, cancellationToken);
        RefuseMoved();
        using var mark = SqliteMark.Compare(check.File, SqliteMark.PathFor(database, options), check.Pools, isBackup: true);
        var targets = mark.PlanResume(check.Pools, check.Chunks, Resume);
        Missing = mark.Missing;
        if (File.Exists(database))
        {
            var now = time.GetStoredNow().UtcDateTime;
            Replaced = string.Create(CultureInfo.InvariantCulture, $"{database}.replaced-{now:yyyyMMdd'T'HHmmss'.'fff'Z'}");
        }

        return
        [
            .. from pool in check.Pools
               let target = targets?.GetValueOrDefault(pool, pool.Cursor) ?? pool.Cursor
               let size = pool.Definition.Range.Size
               select new RestoredPool(pool.Definition, pool.Snapshot().State, pool.Cursor, Math.Min(target, size) - pool.Cursor)
               {
                   LacksExtension = target > size,
               },
        ];
    }

    /// <summary>Replaces the database. Interrupted at any point, no server starts from a wrong one.</summary>
    /// <exception cref="StoreRefusedException">It can't be replaced. The message says what is where.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var copy = CopyOf(database);
        using (FileLock.Take(database, "database"))
        {
            try
            {
                Copy(copy);
                MarkAsBackup(copy);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                File.Delete(copy);
                throw new StoreRefusedException(
                    $"The backup can't be copied to '{copy}' ({error.Message.TrimEnd('.')}); nothing was replaced.", error);
            }

            Replace(copy);
        }

        await using var store = new SqlitePoolStore(database, time, options with { Resume = Resume });
        await store.OpenAsync(expected: null, cancellationToken);
    }

    /// <summary>Makes sure that a server that starts before the end of the restore asks how many numbers were drawn.</summary>
    private static void MarkAsBackup(string copy)
    {
        using var file = SqliteFile.Open(copy);
        file.Claim();
        SqliteSchema.Upgrade(file.Connection);
        file.Connection.Execute("UPDATE session SET has_mark = @backup", ("@backup", SqliteMark.IsBackup));
        file.Close();
    }

    /// <summary>Moves the database away, and the copy to its place. In between, no server creates a new database.</summary>
    private void Replace(string copy)
    {
        var directory = Path.GetDirectoryName(database)!;
        try
        {
            FileSync.SyncDirectory(directory);
            if (Replaced is not null)
                MoveAway(Replaced);
            FileSync.SyncDirectory(directory);
            File.Move(copy, database);
            FileSync.SyncDirectory(directory);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var place = Replaced is not null && File.Exists(Replaced) ? $" The database is '{Replaced}' now." : "";
            throw new StoreRefusedException(
                $"The database '{database}' can't be replaced ({error.Message.TrimEnd('.')}).{place} Repeat the command.", error);
        }
    }

    /// <summary>
    /// Refuses to replace a database whose pools have moved: its mark gives up everything, and the backup does not know of the
    /// move.
    /// </summary>
    private void RefuseMoved()
    {
        if (!File.Exists(database))
            return;
        var source = new SqliteConnectionStringBuilder
        {
            DataSource = $"file:{Uri.EscapeDataString(database)}?immutable=1",
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        };
        try
        {
            using var connection = new SqliteConnection(source.ToString());
            connection.Open();
            if (SqliteSchema.ReadTransfer(connection) is { MovedTo: not null } moved)
            {
                throw new StoreRefusedException(
                    $"The database '{database}' {moved.Reason} To restore nevertheless, move it and its mark away first.");
            }
        }
        catch (SqliteException)
        {
            // It is replaced because it can't be read.
        }
    }

    private void Copy(string copy)
    {
        File.Delete(copy);
        using var source = new FileStream(backup, FileMode.Open, FileAccess.Read, FileShare.Read);
        using var target = PrivateFile.Create(copy);
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
/// <param name="GivenUp">How many numbers it gives up, because they may have been handed out since.</param>
public sealed record RestoredPool(PoolDefinition Definition, PoolState State, long Drawn, long GivenUp)
{
    /// <summary>
    /// Whether the pool may have been extended after the backup was written, and drawn from beyond its range in the backup: it is
    /// closed.
    /// </summary>
    public bool LacksExtension { get; init; }
}
