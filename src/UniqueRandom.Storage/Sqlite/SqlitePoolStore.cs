using Microsoft.Data.Sqlite;
using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Stores pools in one SQLite file, for one process. The default store.</summary>
/// <remarks>
/// SQLite works on the calling thread, so the asynchronous members complete before they return, except <see cref="SeedAsync"/>,
/// which shuffles and writes on a dedicated thread, and <see cref="FindPositionAsync"/>, which yields between its slices. One
/// gate guards the connection; it is held for one short transaction at a time, and draws come first.
/// </remarks>
/// <param name="path">The database file; created if it does not exist.</param>
/// <param name="time">The clock of creations and draws.</param>
/// <param name="mark">The high-water mark. Null, the default, is a file beside the database.</param>
public sealed partial class SqlitePoolStore(string path, TimeProvider time, MarkOptions? mark = null)
    : IPoolStore, IDeliveryStore, IBackupStore
{
    private readonly StoreGate gate = new();
    private readonly SeedingTurns turns = new();
    private SqliteSession? session;
    private StoreException? fatal;

    /// <summary>Gets the open session. After a fatal error nothing is read or written any more.</summary>
    private SqliteSession Session =>
        fatal is not null ? throw fatal : session ?? throw new InvalidOperationException("The store is not open.");

    /// <inheritdoc/>
    public ValueTask OpenAsync(PoolDefinition? expected, CancellationToken cancellationToken)
    {
        using (gate.Enter())
        {
            if (session is not null)
                throw new InvalidOperationException("The store is open already.");
            session = SqliteSession.Open(path, expected, mark ?? new MarkOptions(), time);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        Use(open => open.File.CheckWritable());
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask VerifyAsync(bool everything, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        try
        {
            await turns.RunAloneAsync(
                shuffles: everything,
                stop => RunLongAsync(() => new SqliteSweep(this, stop).Run(everything, progress), stop),
                cancellationToken);
        }
        catch (StoreRefusedException error)
        {
            var failure = new StoreException(StoreFault.Fatal, error.Message, error);
            _ = Classify(failure);
            throw failure;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<StoredBackup> BackUpAsync(string directory, CancellationToken cancellationToken)
    {
        StoredBackup? stored = null;
        var backup = new SqliteBackup(this, Path.GetFullPath(directory), time);
        await turns.RunAloneAsync(
            shuffles: false, stop => RunLongAsync(() => stored = backup.Run(stop), stop), cancellationToken);
        return stored!;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Pool>> ListAsync(string? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return new(Use<IReadOnlyList<Pool>>(open => [.. open.PoolsAfter(after).Take(limit).Select(pool => pool.Snapshot())]));
    }

    /// <inheritdoc/>
    public ValueTask<Pool?> FindAsync(string name, CancellationToken cancellationToken) =>
        new(Use(open => open.Pools.GetValueOrDefault(name)?.Snapshot()));

    /// <inheritdoc/>
    public async ValueTask<PoolCreation> CreateAsync(PoolDefinition definition, Seed seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(seed);
        if (await FindAsync(definition.Name, cancellationToken) is { } existing)
            return new PoolCreation(existing, IsNew: false);
        Permutation.RequireMemory(definition.StoredSize);
        return Use(open => open.Create(definition, imported: null, seed, time.GetStoredNow()));
    }

    /// <inheritdoc/>
    public async ValueTask<PoolCreation> ImportAsync(
        PoolDefinition definition, PoolImport import, Seed seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(import);
        ArgumentNullException.ThrowIfNull(seed);
        return await ImportInTurnAsync((importer, stop) => importer.Run(definition, import, seed, stop), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<PoolExtension> ExtendAsync(ExtensionRequest request, Seed seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(seed);
        return new(Use(open => open.Extend(request, seed, time.GetStoredNow())));
    }

    /// <inheritdoc/>
    public async ValueTask<Pool?> SeedAsync(string name, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        if (Use(open => open.Pools.GetValueOrDefault(name)) is not { Unfinished.Part: { } part } pool)
            return null;
        if (!Use(_ => pool.IsAbandoned))
        {
            return await RunClassifiedAsync(
                () => turns.RunAsync(part, stop => SeedInTurnAsync(pool, progress, stop), cancellationToken));
        }

        return await ImportInTurnAsync<Pool?>(
            (importer, _) =>
            {
                importer.RemoveAbandoned(pool);
                return null;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Pool?> CloseAsync(string name, CancellationToken cancellationToken) => new(Use(open =>
    {
        var pool = open.Pools.GetValueOrDefault(name);
        if (pool?.State == PoolState.Open)
            open.Close(pool, time.GetStoredNow());
        return pool?.Snapshot();
    }));

    /// <inheritdoc/>
    public ValueTask CommitAsync(ReadOnlyMemory<DrawRequest> requests, Memory<DrawOutcome> outcomes)
    {
        using (gate.EnterToDraw())
        {
            try
            {
                Session.Committer.Commit(requests.Span, outcomes.Span, time.GetStoredNow());
            }
            catch (StoreException error)
            {
                _ = Classify(error);
                throw;
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IDeliveryLedger?> TryLeaseAsync(CancellationToken cancellationToken) => new(new SqliteDeliveries(this));

    /// <summary>
    /// Stops seedings, which the next start continues, writes the log back and closes the database. Idempotent.
    /// </summary>
    /// <exception cref="StoreException">
    /// The database could not be closed. It was released nevertheless, and the next start reads its log.
    /// </exception>
    public async ValueTask DisposeAsync()
    {
        await turns.DisposeAsync();
        using (gate.Enter())
        {
            using var open = Interlocked.Exchange(ref session, null);
            // After a fatal error the content of the disk is unknown: database and log are left as they are.
            if (fatal is null)
                open?.Close();
        }
    }

    /// <summary>Runs any operation but a draw. A <see cref="StoreFault.Fatal"/> failure ends the store.</summary>
    internal T Use<T>(Func<SqliteSession, T> work)
    {
        using (gate.Enter())
        {
            try
            {
                return work(Session);
            }
            catch (Exception error) when (Classify(error) is { } failure)
            {
                throw failure;
            }
        }
    }

    /// <summary>Runs work while nothing else uses the connection, also after a failure.</summary>
    internal void UseAlways(Action work)
    {
        using (gate.Enter())
            work();
    }

    internal void Use(Action<SqliteSession> work) => Use(open =>
    {
        work(open);
        return true;
    });

    /// <summary>Runs long work, and converts its errors to failures of the store.</summary>
    private async Task<T> RunClassifiedAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error)
        {
            var failure = Classify(error);
            // A fatal error of any operation stops the work.
            if ((fatal ?? failure) is { } reason)
                throw reason;
            throw;
        }
    }

    /// <summary>Runs an import, or removes what is left of one, when no other one is running.</summary>
    private Task<T> ImportInTurnAsync<T>(Func<SqliteImport, CancellationToken, T> work, CancellationToken cancellationToken) =>
        RunClassifiedAsync(() => turns.RunImportAsync(
            stop => RunLongAsync(() => work(new SqliteImport(this, gate, time, turns.Stopping), stop), stop),
            cancellationToken));

    /// <summary>Seeds a pool whose turn it is, unless it has been seeded since.</summary>
    private async Task<Pool?> SeedInTurnAsync(StoredPool pool, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var (isSeeding, besideDraws, seeding) = Use(open => (
            pool.Unfinished is not null && !pool.IsIncomplete,
            open.Pools.Values.Any(other => other.State == PoolState.Open),
            new SqliteSeeding(open.File, open.Chunks, gate, turns.Stopping)));
        if (!isSeeding)
            return null;
        await RunLongAsync(() => seeding.Seed(pool, besideDraws, progress, cancellationToken), cancellationToken);
        return Use(_ => pool.Snapshot());
    }

    /// <summary>Runs work on a thread of its own, and not on the thread pool, whose threads the requests need.</summary>
    private static Task RunLongAsync(Action work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Task<T> RunLongAsync<T>(Func<T> work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>
    /// Converts an error to a failure of the store; null if it is none. A fatal failure ends the store and every seeding.
    /// </summary>
    private StoreException? Classify(Exception error)
    {
        var failure = error switch
        {
            StoreException known => known,
            SqliteException sqlite => SqliteErrors.Classify(path, sqlite),
            _ => null,
        };
        // Not awaited: the callbacks must not run inside the gate.
        if (failure?.Fault == StoreFault.Fatal && Interlocked.CompareExchange(ref fatal, failure, null) is null)
            _ = turns.StopAsync();

        return failure;
    }
}
