using Microsoft.Data.Sqlite;
using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Pools in one SQLite file, for one process: the embedded default.</summary>
/// <remarks>
/// SQLite works on the calling thread, so the asynchronous members complete before they return, except <see cref="CreateAsync"/>, which
/// shuffles and writes on a thread of its own, one pool at a time, and <see cref="FindPositionAsync"/>, which lets others run between its slices. One
/// gate guards the connection; it is held for one short transaction at a time, and draws come first.
/// </remarks>
/// <param name="path">The database file; created if it does not exist.</param>
/// <param name="time">Gives the times of creations and draws.</param>
public sealed class SqlitePoolStore(string path, TimeProvider time) : IPoolStore
{
    /// <summary>How many chunks are searched at once: about 100 microseconds.</summary>
    private const int ChunksAtOnce = 8;

    private readonly StoreGate gate = new();
    private readonly SemaphoreSlim seedingTurn = new(1);
    private readonly CancellationTokenSource closing = new();
    private SqliteSession? session;
    private StoreException? fatal;

    /// <summary>After a fatal error nothing is read or written any more.</summary>
    private SqliteSession Session => fatal is not null ? throw fatal : session ?? throw new InvalidOperationException("The store is not open.");

    /// <inheritdoc/>
    public ValueTask OpenAsync(PoolDefinition? expected, CancellationToken cancellation)
    {
        using (gate.Enter())
        {
            if (session is not null)
                throw new InvalidOperationException("The store is open already.");
            session = SqliteSession.Open(path, expected);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Pool>> ListAsync(CancellationToken cancellation) => new(Use<IReadOnlyList<Pool>>(
        open => [.. open.Pools.Values.Select(pool => pool.Snapshot()).OrderBy(pool => pool.Definition.Name, StringComparer.Ordinal)]));

    /// <inheritdoc/>
    public ValueTask<Pool?> FindAsync(string name, CancellationToken cancellation) =>
        new(Use(open => open.Pools.GetValueOrDefault(name)?.Snapshot()));

    /// <inheritdoc/>
    public async ValueTask<Pool?> CreateAsync(PoolDefinition definition, Seed seed, IProgress<int>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(seed);
        if (Use(open => open.TryClaim(definition, seed, Now())) is not { } pool)
            return null;

        var seeding = new SqliteSeeding(Session.File, gate);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, closing.Token);
        try
        {
            await seedingTurn.WaitAsync(stop.Token);
            try
            {
                // Not a thread of the pool: it would be away from the requests for seconds.
                await Task.Factory.StartNew(
                    () => seeding.Finish(pool, progress, stop.Token), stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
            finally
            {
                seedingTurn.Release();
            }

            return Use(_ => pool.Snapshot());
        }
        catch (Exception error) when (!closing.IsCancellationRequested)
        {
            if (Classified(error) is { Fault: StoreFault.Fatal } failure)
                throw Noted(failure);
            Forget(pool, seeding);
            if (Classified(error) is { } fault)
                throw fault;
            throw;
        }
        finally
        {
            pool.IsBeingSeeded = false;
        }
    }

    /// <inheritdoc/>
    public ValueTask<Pool?> CloseAsync(string name, CancellationToken cancellation) => new(Use(open =>
    {
        var pool = open.Pools.GetValueOrDefault(name);
        if (pool?.State == PoolState.Open)
            open.Close(pool, Now());
        return pool?.Snapshot();
    }));

    /// <inheritdoc/>
    public ValueTask CommitAsync(ReadOnlyMemory<DrawRequest> requests, Memory<DrawOutcome> outcomes)
    {
        using (gate.EnterToDraw())
        {
            try
            {
                Session.Committer.Commit(requests.Span, outcomes.Span, Now());
            }
            catch (StoreException error)
            {
                throw Noted(error);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DrawLogRow>> ReadLogAsync(string name, int position, int limit, CancellationToken cancellation) =>
        new(Use<IReadOnlyList<DrawLogRow>>(open => position < open.Pools[name].Cursor ? open.Log.Read(open.Pools[name], position, limit) : []));

    /// <inheritdoc/>
    public ValueTask ReadNumbersAsync(string name, int position, Memory<long> numbers, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        Use(open =>
        {
            var pool = open.Pools[name];
            ArgumentOutOfRangeException.ThrowIfGreaterThan((long)position + numbers.Length, pool.Cursor, nameof(position));
            pool.Behind.CopyNumbers(position, numbers.Span, pool, open.Chunks);
            return true;
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<int?> FindPositionAsync(string name, long number, CancellationToken cancellation)
    {
        if (!Use(open => open.Pools[name].Definition.Range.Contains(number)))
            return null;

        for (var (chunk, position) = (0, (int?)null); ; chunk += ChunksAtOnce)
        {
            if (!Use(open => open.Search(open.Pools[name], number, chunk, ChunksAtOnce, out position)))
                return position;
            cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Leaves a pool that is being seeded to be finished later, writes the log back into the database and closes it. Idempotent.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await seedingTurn.WaitAsync();
        using (gate.Enter())
        {
            session?.Dispose();
            session = null;
        }

        seedingTurn.Release();
    }

    private void Forget(StoredPool pool, SqliteSeeding seeding)
    {
        try
        {
            seeding.Remove(pool);
            Use(open => open.Pools.Remove(pool.Definition.Name));
        }
        catch (SqliteException error) when (Classified(error) is { Fault: StoreFault.Unavailable })
        {
            // A disk too full even to remove it: the pool stays unfinished, and can be finished when there is room.
        }
    }

    /// <summary>All that is not a draw. What failed is told by its fault, and a fatal one is the last.</summary>
    private T Use<T>(Func<SqliteSession, T> work)
    {
        using (gate.Enter())
        {
            try
            {
                return work(Session);
            }
            catch (Exception error) when (Classified(error) is { } failure)
            {
                throw Noted(failure);
            }
        }
    }

    private StoreException? Classified(Exception error) => error switch
    {
        StoreException known => known,
        SqliteException sqlite => SqliteErrors.Classify(path, sqlite),
        _ => null,
    };

    private StoreException Noted(StoreException error)
    {
        if (error.Fault == StoreFault.Fatal && fatal is null)
        {
            fatal = error;
            session?.File.Abandon();
            closing.Cancel();
        }

        return error;
    }

    /// <summary>The time as it is stored: to the millisecond.</summary>
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
