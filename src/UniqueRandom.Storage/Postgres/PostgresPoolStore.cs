using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;
using static UniqueRandom.Storage.Postgres.PostgresConnectionExtensions;

namespace UniqueRandom.Storage.Postgres;

/// <summary>Stores pools in a PostgreSQL database, for any number of processes.</summary>
/// <remarks>
/// Draws have a dedicated session, with one batch at a time; other operations take a connection from Npgsql's pool for a short
/// time. A lost connection is replaced by one to the current primary when it is needed next. DESIGN.md describes the protocol.
/// </remarks>
public sealed class PostgresPoolStore : ISharedPoolStore, IDeliveryStore
{
    /// <summary>How often a batch is retried when another node has used one of its keys at the same time.</summary>
    private const int MaximumConflicts = 10;

    private const string Close = $"""
        UPDATE uniquerandom.pool SET state = 2, closed_at = $2 WHERE name = $1 AND state = 1 AND NOT ({PostgresLosses.IsBlocked})
        """;

    private readonly TimeProvider time;
    private readonly PostgresAcknowledged acknowledged = new();
    private readonly SeedingTurns turns = new();
    private readonly PostgresHosts hosts;
    private readonly PostgresSessions sessions;
    private readonly PostgresChunks chunks;
    private readonly PostgresNumbers numbers;
    private readonly PostgresInspection inspection;
    private readonly PostgresReader reader;
    private readonly PostgresCreation creation;
    private readonly PostgresExtending extending;
    private readonly PostgresOptions options;
    private IReadOnlyList<PostgresInspection.UnverifiedPool> unverified = [];
    private PostgresMark? mark;
    private PostgresSession? session;
    private PostgresCommitter? committer;
    private bool isOpen;

    /// <summary>Creates a store that is not connected yet.</summary>
    /// <param name="options">The database and its requirements.</param>
    /// <param name="time">The clock of creations and draws.</param>
    /// <exception cref="StoreRefusedException">The connection string can't be used.</exception>
    public PostgresPoolStore(PostgresOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Deadline, TimeSpan.Zero);
        (this.options, this.time) = (options, time);
        hosts = new PostgresHosts(PostgresAddress.HostsOf(options.ConnectionString), acknowledged);
        sessions = new PostgresSessions(hosts, options);
        chunks = new PostgresChunks(hosts);
        numbers = new PostgresNumbers(hosts, chunks);
        inspection = new PostgresInspection(hosts, chunks);
        reader = new PostgresReader(hosts, sessions, numbers);
        creation = new PostgresCreation(sessions, reader, turns, acknowledged);
        extending = new PostgresExtending(sessions, reader);
    }

    /// <summary>Gets the hosts and the database for messages, without user and password.</summary>
    /// <exception cref="StoreRefusedException">The connection string can't be used.</exception>
    public static string Describe(PostgresOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return PostgresAddress.Describe(options.ConnectionString);
    }

    /// <inheritdoc/>
    public async ValueTask OpenAsync(PoolDefinition? expected, CancellationToken cancellationToken)
    {
        if (isOpen)
            throw new InvalidOperationException("The store is open already.");
        try
        {
            OpenMark();
            unverified = await PostgresOpening.OpenAsync(hosts, sessions, inspection, expected, cancellationToken);
            if (mark is not null)
                await BeginMarkAsync(mark, cancellationToken);
        }
        catch (StoreException error) when (!error.IsTransient)
        {
            throw new StoreRefusedException(error.Message, error);
        }

        isOpen = true;
    }

    /// <inheritdoc/>
    public async ValueTask CheckAsync(CancellationToken cancellationToken) => await sessions.CheckAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask VerifyAsync(bool everything, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        try
        {
            await turns.RunAloneAsync(
                shuffles: everything,
                async stop => await inspection.VerifyRestAsync(
                    everything ? await inspection.ListAsync(stop) : unverified, besideDraws: true, everything, progress, stop),
                cancellationToken);
        }
        catch (StoreRefusedException error)
        {
            throw new StoreException(StoreFault.Fatal, error.Message, error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Pool>> ListAsync(string? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await reader.ListAsync(after, limit, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<Pool?> FindAsync(string name, CancellationToken cancellationToken) =>
        await reader.FindAsync(name, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<PoolCreation> CreateAsync(PoolDefinition definition, Seed seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(seed);
        return await creation.CreateAsync(definition, seed, time.GetStoredNow(), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<PoolExtension> ExtendAsync(
        ExtensionRequest request, Seed seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(seed);
        return await extending.ExtendAsync(request, seed, time.GetStoredNow(), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<PoolCreation> ImportAsync(
        PoolDefinition definition, PoolImport import, Seed seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(import);
        ArgumentNullException.ThrowIfNull(seed);
        return await creation.ImportAsync(definition, import, seed, time, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<Pool?> SeedAsync(string name, IProgress<long>? progress, CancellationToken cancellationToken) =>
        await creation.SeedAsync(name, progress, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<Pool?> CloseAsync(string name, CancellationToken cancellationToken)
    {
        await sessions.ExecuteAsync([Statement(Close, name.ToParameter(), time.GetStoredNow().ToParameter())], cancellationToken);
        var pool = await FindAsync(name, cancellationToken);
        if (pool is { State: PoolState.Closed })
            acknowledged.RecordClosed(pool);
        // Throws why the pool could not be closed.
        else if (pool is { State: PoolState.Open })
            await sessions.CheckAsync(cancellationToken);
        return pool;
    }

    /// <inheritdoc/>
    public async ValueTask<ILockedBatch> LockAsync(ReadOnlyMemory<DrawRequest> requests) =>
        new LockedBatch(this, await BeginAsync(requests));

    /// <inheritdoc/>
    public async ValueTask CommitAsync(ReadOnlyMemory<DrawRequest> requests, Memory<DrawOutcome> outcomes) =>
        await CommitAsync(await BeginAsync(requests), requests, outcomes);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DrawLogRow>> ReadLogAsync(
        string name, long position, int limit, CancellationToken cancellationToken) =>
        await reader.ReadLogAsync(name, position, limit, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask ReadNumbersAsync(
        string name, long position, Memory<long> numbers, CancellationToken cancellationToken) =>
        await reader.ReadNumbersAsync(name, position, numbers, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask SampleAsync(
        string name, ReadOnlyMemory<long> positions, Memory<long> numbers, CancellationToken cancellationToken) =>
        await reader.SampleAsync(name, positions, numbers, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<long?> FindPositionAsync(string name, long number, CancellationToken cancellationToken) =>
        await reader.FindPositionAsync(name, number, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IDeliveryLedger?> TryLeaseAsync(CancellationToken cancellationToken) =>
        await PostgresDeliveries.TryLeaseAsync(hosts, sessions, cancellationToken);

    /// <summary>Stops seedings, which the next node continues, and closes the connections and the mark. Idempotent.</summary>
    /// <exception cref="StoreException">The mark could not be written. It was released nevertheless.</exception>
    public async ValueTask DisposeAsync()
    {
        await turns.DisposeAsync();
        await CloseSessionAsync();
        await hosts.DisposeAsync();
        creation.Dispose();
        using var open = Interlocked.Exchange(ref mark, null);
        open?.Close();
    }

    private void OpenMark()
    {
        if (options.Mark is not { } wanted || mark is not null)
            return;
        mark = PostgresMark.Open(wanted, time);
        acknowledged.Use(mark);
        acknowledged.AcceptsLosses = wanted.Resume is not null;
    }

    /// <summary>Accepts what the database lacks, if the operator does, and records draws in the mark from now on.</summary>
    private async ValueTask BeginMarkAsync(PostgresMark opened, CancellationToken cancellationToken)
    {
        var (_, identity, _) = await hosts.ReadAsync(
            connection => PostgresSchema.IdentifyAsync(connection, cancellationToken), cancellationToken);
        if (options.Mark!.Resume is { } resume && acknowledged.AcceptsLosses)
        {
            var moved = await new PostgresResume(hosts, sessions, numbers, acknowledged)
                .RunAsync(resume, time.GetStoredNow(), cancellationToken);
            opened.Replace(identity!.Value, moved);
            acknowledged.Use(opened);
            acknowledged.AcceptsLosses = false;
        }

        opened.Begin(identity!.Value);
    }

    private async ValueTask<PostgresBatch> BeginAsync(ReadOnlyMemory<DrawRequest> requests)
    {
        var current = await SessionAsync();
        try
        {
            return await committer!.LockAsync(requests);
        }
        catch (Exception error) when (PostgresErrors.IsPostgres(error))
        {
            throw PostgresErrors.Unavailable(current.Host, error);
        }
    }

    private async ValueTask CommitAsync(
        PostgresBatch batch, ReadOnlyMemory<DrawRequest> requests, Memory<DrawOutcome> outcomes)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            try
            {
                await batch.CommitAsync(requests, outcomes, time.GetStoredNow());
                return;
            }
            catch (Exception error) when (PostgresErrors.IsPostgres(error))
            {
                if (!PostgresErrors.IsConflict(error) || conflicts == MaximumConflicts)
                    throw PostgresErrors.Unavailable(session!.Host, error);
            }

            batch = await BeginAsync(requests);
        }
    }

    /// <summary>
    /// Gets the session for draws, connecting again if it was lost. One batch at a time.
    /// </summary>
    private async ValueTask<PostgresSession> SessionAsync()
    {
        if (session is { IsLost: true })
        {
            hosts.Invalidate(session.Host);
            await CloseSessionAsync();
        }

        // Asked for each batch: another connection may have found a newer primary while this session still works.
        var primary = await hosts.PrimaryAsync(turns.Stopping);
        if (session?.Host == primary)
            return session;
        await CloseSessionAsync();
        session = await sessions.OpenAsync(turns.Stopping);
        committer = new PostgresCommitter(session, numbers, acknowledged);
        return session;
    }

    private async ValueTask CloseSessionAsync()
    {
        if (session is not null)
            await session.DisposeAsync();
        session = null;
    }

    private sealed class LockedBatch(PostgresPoolStore store, PostgresBatch batch) : ILockedBatch
    {
        public ValueTask CommitAsync(ReadOnlyMemory<DrawRequest> requests, Memory<DrawOutcome> outcomes) =>
            store.CommitAsync(batch, requests, outcomes);
    }
}
