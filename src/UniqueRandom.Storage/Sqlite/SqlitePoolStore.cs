using Microsoft.Data.Sqlite;
using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

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
    public ValueTask OpenAsync(PoolDefinition? expected, CancellationToken cancellationToken)
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
    public ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        Use(open =>
        {
            open.File.CheckWritable();
            return true;
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Pool>> ListAsync(string? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return new(Use<IReadOnlyList<Pool>>(open =>
        [
            .. open.Pools.Values
                .Where(pool => string.CompareOrdinal(pool.Definition.Name, after) > 0)
                .OrderBy(pool => pool.Definition.Name, StringComparer.Ordinal)
                .Take(limit)
                .Select(pool => pool.Snapshot()),
        ]));
    }

    /// <inheritdoc/>
    public ValueTask<Pool?> FindAsync(string name, CancellationToken cancellationToken) =>
        new(Use(open => open.Pools.GetValueOrDefault(name)?.Snapshot()));

    /// <inheritdoc/>
    public async ValueTask<Pool?> CreateAsync(PoolDefinition definition, Seed seed, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(seed);
        var (pool, seeding) = Use(open => (open.TryClaim(definition, seed, Now()), new SqliteSeeding(open.File, gate, closing.Token)));
        if (pool is null)
            return null;

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing.Token);
        var hasTurn = false;
        try
        {
            await seedingTurn.WaitAsync(stop.Token);
            hasTurn = true;
            var besideDraws = Use(open => open.Pools.Values.Any(other => other.State == PoolState.Open));
            // Not a thread of the pool: it would be away from the requests for seconds.
            await Task.Factory.StartNew(
                () => seeding.Finish(pool, besideDraws, progress, stop.Token), stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return Use(_ => pool.Snapshot());
        }
        catch (Exception error)
        {
            if (GiveUp(pool, seeding, error) is { } failure)
                throw failure;
            throw;
        }
        finally
        {
            pool.IsBeingSeeded = false;
            if (hasTurn)
                seedingTurn.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask<Pool?> CloseAsync(string name, CancellationToken cancellationToken) => new(Use(open =>
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
                _ = Noted(error);
                throw;
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DrawLogRow>> ReadLogAsync(string name, long position, int limit, CancellationToken cancellationToken) =>
        new(Use<IReadOnlyList<DrawLogRow>>(open => position < open.Pools[name].Cursor ? open.Log.Read(open.Pools[name], position, limit) : []));

    /// <inheritdoc/>
    public ValueTask ReadNumbersAsync(string name, long position, Memory<long> numbers, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        Use(open =>
        {
            var pool = open.Pools[name];
            ArgumentOutOfRangeException.ThrowIfGreaterThan(position + numbers.Length, pool.Cursor, nameof(position));
            pool.Behind.CopyNumbers(position, numbers.Span, pool, open.Chunks);
            return true;
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<long?> FindPositionAsync(string name, long number, CancellationToken cancellationToken)
    {
        if (!Use(open => open.Pools[name].Definition.Range.Contains(number)))
            return null;

        for (var (chunk, position) = (0, (long?)null); ; chunk += ChunksAtOnce)
        {
            if (!Use(open => open.Search(open.Pools[name], number, chunk, ChunksAtOnce, out position)))
                return position;
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Interrupts a seeding, to be finished later, writes the log back and closes the database. Idempotent.</summary>
    /// <exception cref="StoreException">The database could not be closed. It was released all the same, and the next start reads its log.</exception>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await seedingTurn.WaitAsync();
        try
        {
            using (gate.Enter())
            {
                using var open = Interlocked.Exchange(ref session, null);
                // After a fatal error nobody knows what is on disk: database and log stay as they are.
                if (fatal is null)
                    open?.Close();
            }
        }
        finally
        {
            seedingTurn.Release();
        }
    }

    /// <summary>Leaves no pool behind a creation that has failed; but when the store has, or ends, it stays as it is.</summary>
    /// <returns>What the store failed with, if that is why.</returns>
    private StoreException? GiveUp(StoredPool pool, SqliteSeeding seeding, Exception error)
    {
        var failure = Noted(error);
        if (!closing.IsCancellationRequested && !pool.WasCutOff)
            failure = Forget(pool, seeding) ?? failure;
        return fatal ?? failure;
    }

    /// <returns>What the store failed with, if not even this could be done.</returns>
    private StoreException? Forget(StoredPool pool, SqliteSeeding seeding)
    {
        try
        {
            seeding.Remove(pool);
            Use(open => open.Pools.Remove(pool.Definition.Name));
            return null;
        }
        catch (Exception error) when (Noted(error) is { } failure)
        {
            // On a disk too full even to remove it the pool stays unfinished, and can be finished when there is room.
            return failure.Fault == StoreFault.Unavailable ? null : failure;
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
            catch (Exception error) when (Noted(error) is { } failure)
            {
                throw failure;
            }
        }
    }

    /// <summary>What an error means. A fatal one is kept, because it ends the store, and every seeding with it.</summary>
    private StoreException? Noted(Exception error)
    {
        var failure = error switch
        {
            StoreException known => known,
            SqliteException sqlite => SqliteErrors.Classify(path, sqlite),
            _ => null,
        };
        // Not awaited: the callbacks have no business in the gate.
        if (failure?.Fault == StoreFault.Fatal && Interlocked.CompareExchange(ref fatal, failure, null) is null)
            _ = closing.CancelAsync();

        return failure;
    }

    /// <summary>The time as it is stored: to the millisecond.</summary>
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
