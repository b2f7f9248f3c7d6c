using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Compares a database with its mark when it is opened, and creates the mark of a new one.</summary>
internal sealed class SqliteMark : IDisposable
{
    /// <summary>The value of <c>session.has_mark</c> in a backup: draws have gone on after it, so it needs a mark.</summary>
    public const int IsBackup = 2;

    private const string WayOut = "Put the newest database back, or start once with --resume-after-restore";

    private readonly SqliteFile file;
    private readonly string path;
    private MarkFile? mark;

    /// <summary>Why the database can't be served from as it is; null if it agrees with the mark.</summary>
    private StoreRefusedException? refusal;

    /// <summary>Whether the mark says where to resume, so that the operator need not.</summary>
    private bool knowsCeilings;

    private SqliteMark(SqliteFile file, string path, MarkFile? mark)
    {
        this.file = file;
        this.path = path;
        this.mark = mark;
    }

    public static string PathFor(string database, MarkOptions options) =>
        System.IO.Path.GetFullPath(options.Path ?? $"{database}.mark");

    /// <summary>Refuses to create a database beside the mark of another one, or in the place of one that was restored.</summary>
    /// <exception cref="StoreRefusedException">There is no database, and there was one.</exception>
    public static void RefuseNew(string database, string mark, ResumeAfterRestore? resume)
    {
        var isNew = new FileInfo(database) is not { Exists: true, Length: > 0 };
        if (isNew && System.IO.Path.Exists(mark))
        {
            throw new StoreRefusedException(
                $"The database '{database}' is missing, and its mark '{mark}' is there; put the database back. "
                + "To start over, with numbers that may have been handed out before, remove the mark.");
        }

        if (isNew && resume is not null)
        {
            throw new StoreRefusedException(
                $"There is no database '{database}' to resume; put the restored one there, or start without "
                + "--resume-after-restore.");
        }

        if (!File.Exists(database) && File.Exists(SqliteRestore.CopyOf(database)))
        {
            throw new StoreRefusedException(
                $"The database '{database}' is missing, because a restore of it was interrupted; repeat the restore.");
        }
    }

    /// <summary>Reads the identity that the mark of a database has.</summary>
    public static Guid ReadIdentity(SqliteFile file)
    {
        var column = SqliteSchema.HasMark(file.Connection)
            ? "identity FROM session"
            : "substr(commitment, 1, 16) FROM pool ORDER BY id LIMIT 1";
        using var command = file.Connection.Command($"SELECT {column}");
        return command.ExecuteScalar() is byte[] { Length: 16 } identity ? new Guid(identity) : Guid.Empty;
    }

    /// <summary>Compares a database with its mark. Changes nothing.</summary>
    /// <param name="file">The database.</param>
    /// <param name="path">The path of the mark.</param>
    /// <param name="pools">The pools of the database.</param>
    /// <param name="isBackup">Whether the database is known to be a backup; otherwise it may say so.</param>
    /// <exception cref="StoreRefusedException">The mark is damaged, or belongs to another database.</exception>
    public static SqliteMark Compare(
        SqliteFile file, string path, IReadOnlyCollection<StoredPool> pools, bool isBackup = false)
    {
        var compared = new SqliteMark(file, path, MarkFile.Open(path));
        try
        {
            compared.Compare(pools, isBackup);
            return compared;
        }
        catch
        {
            compared.Dispose();
            throw;
        }
    }

    /// <summary>Plans how an old copy goes on.</summary>
    /// <param name="pools">Its pools.</param>
    /// <param name="chunks">Reads their permutations.</param>
    /// <param name="resume">What the operator allows and knows; null to refuse an old copy.</param>
    /// <returns>
    /// The cursor from which each open pool goes on, above its size if it lacks a segment; null if the
    /// database agrees with the mark.
    /// </returns>
    /// <exception cref="StoreRefusedException">The database is an old copy, or the operator has to say more.</exception>
    public Dictionary<StoredPool, long>? PlanResume(
        IReadOnlyCollection<StoredPool> pools, ChunkReader chunks, ResumeAfterRestore? resume)
    {
        if (refusal is null)
            return null;
        if (resume is null)
            throw refusal;
        resume.RequireKnown(pools.Select(pool => pool.Definition.Name));
        // A pool that was seeding may have been opened, and drawn from, since.
        var targets = pools.Where(pool => pool.State != PoolState.Closed)
            .ToDictionary(pool => pool, pool => TargetOf(pool, chunks, resume));
        foreach (var (pool, target) in targets)
            ResumeAfterRestore.RequireOrder(pool.Definition, pool.State, target);
        return targets;
    }

    /// <summary>Moves the cursors behind what may have been handed out, and writes the mark anew.</summary>
    public void Resume(IReadOnlyCollection<StoredPool> pools, Dictionary<StoredPool, long> targets, DateTimeOffset now)
    {
        SqliteResume.Run(file, targets, now);
        var handedOut = pools.Select(pool => (pool.MarkKey, HandedOut(pool, targets))).ToList();
        mark?.Dispose();
        mark = null;
        MarkFile.Replace(path, ReadIdentity(file), handedOut);
        mark = MarkFile.Open(path);
    }

    /// <summary>Opens the mark for draws, and creates it for a database that has none yet.</summary>
    public HighWaterMark Open(IReadOnlyCollection<StoredPool> pools, TimeProvider time)
    {
        mark ??= MarkFile.Create(path, ReadIdentity(file), CursorsOf(pools));
        var opened = new HighWaterMark(mark, time);
        mark = null;
        try
        {
            foreach (var pool in pools)
                pool.Mark = opened.Add(pool.MarkKey, pool.Definition.Range.Size, pool.Cursor);
            opened.Sync();
            file.Connection.Execute("UPDATE session SET has_mark = 1 WHERE has_mark <> 1");
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Gets the pools that the mark has, and the database lacks.</summary>
    public IReadOnlyList<string> Missing { get; private set; } = [];

    public void Dispose() => mark?.Dispose();

    private static IEnumerable<(MarkKey Pool, long Cursor)> CursorsOf(IEnumerable<StoredPool> pools) =>
        pools.Select(pool => (pool.MarkKey, pool.Cursor));

    /// <summary>
    /// Gets how many numbers a pool has handed out. It is more than the pool has if it was closed because it lacks a segment: so
    /// an older copy is refused, too, and closed when it is resumed.
    /// </summary>
    private long HandedOut(StoredPool pool, Dictionary<StoredPool, long> targets)
    {
        var marked = mark?.Find(pool.MarkKey) is { } slot ? mark.Read(slot).Exact : 0;
        var most = Math.Max(targets.GetValueOrDefault(pool), marked);
        return most > pool.Definition.Range.Size ? most : pool.Cursor;
    }

    private void Compare(IReadOnlyCollection<StoredPool> pools, bool isBackup)
    {
        var marked = SqliteSchema.HasMark(file.Connection) ? file.Connection.Scalar("SELECT has_mark FROM session") : 0;
        isBackup |= marked == IsBackup;
        if (mark is null)
        {
            if (isBackup || (marked != 0 && pools.Any(pool => pool.Cursor > 0)))
            {
                var doubt = isBackup
                    ? "The database is a backup, so nobody knows how many numbers were drawn since"
                    : "Nobody knows whether the database is an old copy";
                refusal = new StoreRefusedException(
                    $"The mark '{path}' of the database '{file.Path}' is missing. {doubt}. Put the mark back, or start once "
                    + "with --resume-after-restore POOL=COUNT, with how many numbers of each pool were drawn at most.");
            }

            return;
        }

        if (mark.Identity != ReadIdentity(file))
        {
            throw new StoreRefusedException(
                $"The mark '{path}' belongs to another database than '{file.Path}'; name the mark of this one with --mark.");
        }

        // A stop lowers the ceilings to the cursors. So a database that was closed, or a backup, that is below them is old, also
        // if a loss of power has undone the exact cursors since the last sync.
        var isComplete = isBackup || file.Connection.Scalar("SELECT is_open FROM session") == 0;
        CompareCursors(mark, pools, isComplete);
    }

    private void CompareCursors(MarkFile compared, IReadOnlyCollection<StoredPool> pools, bool isComplete)
    {
        var losses = new List<string>();
        var isMarkOld = false;
        foreach (var pool in pools)
        {
            var (exact, ceiling) = compared.Find(pool.MarkKey) is { } slot ? compared.Read(slot) : (0, 0);
            isMarkOld |= pool.Cursor > ceiling;
            // It hands out no more, whatever it lacks.
            if (pool.State == PoolState.Closed && pool.Cursor == pool.Definition.Range.Size)
                continue;
            if (pool.Cursor < exact)
            {
                losses.Add(
                    $"the pool '{pool.Definition.Name}' is {exact - pool.Cursor} numbers behind ({pool.Cursor} of {exact})");
            }
            else if (isComplete && pool.Cursor < ceiling)
            {
                losses.Add(
                    $"the pool '{pool.Definition.Name}' may be {ceiling - pool.Cursor} numbers behind "
                    + $"({pool.Cursor} of up to {ceiling})");
            }
        }

        var missing = compared.Pools.Except(pools.Select(pool => pool.MarkKey));
        Missing = [.. missing.Where(pool => compared.Read(compared.Find(pool)!.Value).Exact > 0).Select(pool => pool.Name)];
        losses.AddRange(Missing.Select(name => $"the pool '{name}' is missing"));
        knowsCeilings = !isMarkOld;
        if (losses.Count > 0)
        {
            refusal = new StoreRefusedException(
                $"The database '{file.Path}' is an old copy, and would hand out numbers again: {string.Join(", ", losses)}. "
                + $"{WayOut}, which gives up the numbers that may have been handed out.");
        }
        else if (isMarkOld)
        {
            refusal = new StoreRefusedException(
                $"The mark '{path}' is older than the database '{file.Path}', so nobody knows whether the database is an old "
                + $"copy. {WayOut} POOL=COUNT, with how many numbers of each pool were drawn at most.");
        }
    }

    /// <summary>Returns the cursor from which a pool goes on.</summary>
    private long TargetOf(StoredPool pool, ChunkReader chunks, ResumeAfterRestore resume)
    {
        long? ceiling = mark?.Find(pool.MarkKey) is { } slot ? mark.Read(slot).Ceiling : null;
        if (resume.Find(pool.Definition.Name) is { } point)
            return Math.Max(SqliteResume.CursorAt(point, pool, chunks), ceiling ?? 0);
        if (mark is not null && knowsCeilings)
            return Math.Max(pool.Cursor, ceiling ?? 0);
        throw new StoreRefusedException(
            $"The mark does not say how many numbers of the pool '{pool.Definition.Name}' were drawn; repeat the command with "
            + $"--resume-after-restore {pool.Definition.Name}=COUNT, and COUNT at least {pool.Cursor}, "
            + $"or {pool.Definition.Name}=number:NUMBER, the number that was drawn last. "
            + ResumeAfterRestore.BeyondCloses(pool.Definition.Range));
    }
}
