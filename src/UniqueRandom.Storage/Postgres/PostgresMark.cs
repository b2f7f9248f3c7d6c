using System.Collections.Concurrent;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>The high-water mark of this node: how far it has handed out the numbers of each pool.</summary>
/// <remarks>
/// It is opened before the first connection, and begins to record when the database is known. <see cref="Reserve"/>,
/// <see cref="Acknowledge"/> and <see cref="CeilingOf"/> may be called from any thread, all else while nothing draws.
/// </remarks>
internal sealed class PostgresMark : IDisposable
{
    /// <summary>Where the mark of a node is, relative to the current directory.</summary>
    public const string DefaultPath = "numbers.mark";

    private readonly ConcurrentDictionary<MarkKey, MarkedPool> pools = new();

    /// <summary>Guards <see cref="mark"/>, which one batch or import may use at a time.</summary>
    private readonly Lock gate = new();
    private readonly string path;
    private readonly TimeProvider time;
    private readonly FileLock fileLock;
    private MarkFile? file;
    private HighWaterMark? mark;

    /// <summary>What the file had when it was opened.</summary>
    private Dictionary<MarkKey, (long Exact, long Ceiling)> stored = [];

    private PostgresMark(string path, TimeProvider time)
    {
        (this.path, this.time) = (path, time);
        fileLock = FileLock.Take(path, "mark");
    }

    /// <summary>Gets the identity of the database that the mark belongs to; null if the mark is new.</summary>
    public Guid? Identity => file?.Identity;

    /// <summary>Opens the file, if there is one.</summary>
    /// <exception cref="StoreRefusedException">It is damaged, used by another process, or can't be opened.</exception>
    public static PostgresMark Open(MarkOptions options, TimeProvider time)
    {
        var opened = new PostgresMark(Path.GetFullPath(options.Path ?? DefaultPath), time);
        try
        {
            opened.Read();
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Gets the pools that the file had when it was opened, and how far their numbers were handed out.</summary>
    public IEnumerable<(MarkKey Pool, long Cursor)> Stored => stored.Select(pool => (pool.Key, pool.Value.Exact));

    /// <summary>Gets the ceiling of a pool; 0 if it has none.</summary>
    public long CeilingOf(MarkKey pool) =>
        pools.TryGetValue(pool, out var marked) ? marked.Ceiling : stored.GetValueOrDefault(pool).Ceiling;

    /// <summary>Begins to record the draws from a database, and creates the file if there is none.</summary>
    /// <exception cref="StoreRefusedException">The file can't be written.</exception>
    public void Begin(Guid identity)
    {
        if (mark is not null)
            return;
        try
        {
            file ??= MarkFile.Create(path, identity);
            mark = new HighWaterMark(file, time);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(error);
        }
    }

    /// <summary>Replaces the content by the cursors of a database that goes on after a restore.</summary>
    /// <exception cref="StoreRefusedException">The file can't be written.</exception>
    public void Replace(Guid identity, IEnumerable<(MarkKey Pool, long Cursor)> cursors)
    {
        file?.Dispose();
        file = null;
        try
        {
            MarkFile.Replace(path, identity, cursors);
            Read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(error);
        }
    }

    /// <inheritdoc cref="HighWaterMark.Reserve"/>
    public void Reserve(MarkKey pool, long size, long cursor)
    {
        lock (gate)
        {
            mark!.Reserve(Find(pool, size), cursor);
        }
    }

    /// <inheritdoc cref="HighWaterMark.ReserveImported"/>
    public void ReserveImported(MarkKey pool, long size, long count)
    {
        lock (gate)
        {
            mark!.ReserveImported(Find(pool, size), count);
        }
    }

    /// <summary>Records that the numbers of a pool below a cursor are handed out, after it was reserved.</summary>
    /// <exception cref="StoreException">The mark can't be written; nothing may be answered any more.</exception>
    public void Acknowledge(MarkKey pool, long cursor)
    {
        lock (gate)
        {
            mark!.Acknowledge(pools[pool], cursor);
        }
    }

    /// <inheritdoc cref="HighWaterMark.Close"/>
    public void Close() => mark?.Close();

    public void Dispose()
    {
        if (mark is not null)
            mark.Dispose();
        else
            file?.Dispose();
        fileLock.Dispose();
    }

    private MarkedPool Find(MarkKey pool, long size)
    {
        var marked = pools.GetOrAdd(pool, added => mark!.Add(added, size, stored.GetValueOrDefault(added).Exact));
        marked.Grow(size);
        return marked;
    }

    private void Read()
    {
        file = MarkFile.Open(path);
        stored = file?.Pools.ToDictionary(pool => pool, pool => file.Read(file.Find(pool)!.Value)) ?? [];
    }

    private StoreRefusedException NotWritten(Exception error) => new(
        $"The mark '{path}' can't be written ({error.Message.TrimEnd('.')}); check its disk, or name another file with --mark.",
        error);
}
