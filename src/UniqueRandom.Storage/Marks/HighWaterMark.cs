using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Marks;

/// <summary>
/// Remembers, outside of the database, how far the numbers of each pool were handed out, so that an old copy of the database is
/// recognized.
/// </summary>
/// <remarks>
/// <para>For each pool the file has the exact cursor, which is written before an answer and survives the end of the process, and
/// a ceiling, which is synced and survives the loss of power: no number at or above it is answered before a higher one is synced.
/// A thread raises the ceilings ahead of the draws, so a draw waits for it only when the pace grows suddenly.</para>
/// <para><see cref="Reserve"/> and <see cref="Acknowledge"/> are called by the thread that draws, <see cref="MakeRoom"/> and
/// <see cref="Add"/> while nothing draws; all else may be called from any thread.</para>
/// </remarks>
/// <param name="file">The file, which is disposed with the mark.</param>
/// <param name="time">The clock for the pace of the draws.</param>
internal sealed class HighWaterMark(MarkFile file, TimeProvider time) : IDisposable
{
    /// <summary>On Linux and macOS, and on Windows.</summary>
    private const int DiskFull = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    private readonly Lock raising = new();
    private readonly SemaphoreSlim wanted = new(0, 1);
    private readonly CancellationTokenSource stopping = new();
    private readonly List<MarkedPool> pools = [];
    private Thread? thread;
    private StoreException? failure;

    /// <summary>Makes room for a pool, so that its addition does not fail when the disk is full.</summary>
    /// <exception cref="InsufficientDiskException">The disk has no room for it. Nothing has changed.</exception>
    /// <exception cref="StoreException">The mark can't be written.</exception>
    public void MakeRoom()
    {
        lock (raising)
        {
            try
            {
                file.MakeRoom();
            }
            catch (IOException error) when (IsDiskFull(error))
            {
                throw new InsufficientDiskException($"The disk of the mark '{file.Path}' is full; make room.");
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw Fail(error);
            }
        }
    }

    /// <summary>Adds a pool with the stored cursor, at which the ceiling of a pool begins that the mark does not have.</summary>
    /// <exception cref="StoreException">The mark can't be written, or its disk has no room for the pool.</exception>
    public MarkedPool Add(MarkKey key, long size, long cursor)
    {
        lock (raising)
        {
            try
            {
                var slot = file.Find(key) ?? file.Add(key);
                var (exact, stored) = file.Read(slot);
                var ceiling = Math.Max(stored, cursor);
                var pool = new MarkedPool(slot, size, cursor, ceiling);
                // The pool was closed because it lacks a segment, and an older copy of it has to be closed again.
                if (exact > size)
                    return pool;
                file.WriteCeiling(slot, ceiling);
                file.WriteExact(slot, cursor);
                pools.Add(pool);
                return pool;
            }
            catch (IOException error) when (IsDiskFull(error))
            {
                throw new StoreException(
                    StoreFault.Unavailable, $"The disk of the mark '{file.Path}' is full; draws go on when there is room again.");
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw Fail(error);
            }
        }
    }

    /// <summary>
    /// Raises the ceiling of a pool to a cursor, if it is lower. Called before the cursor is stored, so that a stored cursor is
    /// never above the ceiling, whenever the process ends.
    /// </summary>
    /// <exception cref="StoreException">The mark can't be written; nothing may be drawn any more.</exception>
    public void Reserve(MarkedPool pool, long cursor)
    {
        if (Volatile.Read(ref failure) is { } failed)
            throw failed;
        if (cursor > pool.Ceiling)
            Raise(pool, cursor);
    }

    /// <summary>Reserves the imported numbers of a pool, which say nothing about the pace of its draws.</summary>
    /// <inheritdoc cref="Reserve"/>
    public void ReserveImported(MarkedPool pool, long count)
    {
        lock (raising)
        {
            pool.MeasureFrom(count);
            Reserve(pool, count);
        }
    }

    /// <summary>Records that the numbers of a pool below a cursor are handed out. Called after they are durable.</summary>
    /// <exception cref="StoreException">The mark can't be written; nothing may be answered any more.</exception>
    public void Acknowledge(MarkedPool pool, long cursor)
    {
        Reserve(pool, cursor);
        file.WriteExact(pool.Slot, cursor);
        pool.Cursor = cursor;
        if (pool.IsNearCeiling && wanted.CurrentCount == 0)
            WakeThread();
    }

    /// <summary>Syncs the mark.</summary>
    /// <exception cref="StoreException">It can't be synced.</exception>
    public void Sync()
    {
        try
        {
            file.Sync();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Fail(error);
        }
    }

    /// <summary>Lowers the ceilings to the cursors, because nothing will be drawn any more.</summary>
    /// <exception cref="StoreException">The mark can't be written.</exception>
    public void Close()
    {
        StopThread();
        if (failure is not null)
            return;
        foreach (var pool in pools)
            file.WriteCeiling(pool.Slot, pool.Cursor);
        Sync();
    }

    /// <summary>Releases the file. Without <see cref="Close"/>, it is as after a crash.</summary>
    public void Dispose()
    {
        StopThread();
        stopping.Dispose();
        wanted.Dispose();
        file.Dispose();
    }

    private static bool IsDiskFull(IOException error) => error.HResult is DiskFull or WindowsDiskFull;

    private void WakeThread()
    {
        wanted.Release();
        if (thread is not null)
            return;
        thread = new Thread(RaiseAhead) { IsBackground = true, Name = "Mark" };
        thread.UnsafeStart();
    }

    private void StopThread()
    {
        stopping.Cancel();
        thread?.Join();
        thread = null;
    }

    private void RaiseAhead()
    {
        try
        {
            while (true)
            {
                wanted.Wait(stopping.Token);
                RaiseAll();
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (StoreException)
        {
            // The next draw fails with it.
        }
    }

    private void Raise(MarkedPool pool, long least)
    {
        lock (raising)
        {
            if (least > pool.Ceiling)
                RaiseTo([(pool, pool.Plan(least, Now()))]);
        }
    }

    private void RaiseAll()
    {
        lock (raising)
        {
            RaiseTo([.. from pool in pools where pool.IsNearCeiling select (pool, pool.Plan(pool.Cursor, Now()))]);
        }
    }

    private void RaiseTo(List<(MarkedPool Pool, long Ceiling)> raised)
    {
        if (raised.Count == 0)
            return;
        foreach (var (pool, ceiling) in raised)
            file.WriteCeiling(pool.Slot, ceiling);
        Sync();
        foreach (var (pool, ceiling) in raised)
            pool.Allow(ceiling);
    }

    private StoreException Fail(Exception error)
    {
        var failed = new StoreException(
            StoreFault.Fatal,
            $"The mark '{file.Path}' can't be written ({error.Message.TrimEnd('.')}); check its disk, then start again.",
            error);
        Volatile.Write(ref failure, failed);
        return failed;
    }

    private long Now() => time.GetElapsedTime(0, time.GetTimestamp()).Ticks;
}
