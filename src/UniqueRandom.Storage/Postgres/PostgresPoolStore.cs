using System.Collections.Concurrent;
using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;
using static UniqueRandom.Storage.Postgres.PostgresConnectionExtensions;

namespace UniqueRandom.Storage.Postgres;

/// <summary>Pools in a PostgreSQL database, for any number of processes.</summary>
/// <remarks>
/// Draws have a connection of their own, with one batch under way; everything else takes one of the pool of Npgsql. A connection that is lost is replaced when it is
/// needed next, by one to whichever server is the primary then. DESIGN.md has the protocol and what it survives.
/// </remarks>
public sealed class PostgresPoolStore : ISharedPoolStore
{
    /// <summary>How often a batch is tried again when another node has used one of its keys at the same time.</summary>
    private const int MostConflicts = 10;

    /// <summary>How many chunks are searched before the next ones are asked for: 2 MB.</summary>
    private const int ChunksAtOnce = 64;

    private readonly PostgresOptions options;
    private readonly TimeProvider time;
    private readonly PostgresAcknowledged acknowledged = new();
    private readonly PostgresHosts hosts;
    private readonly PostgresChunks chunks;
    private readonly ConcurrentDictionary<Commitment, bool> ended = new();
    private readonly SemaphoreSlim seedingTurn = new(1);
    private readonly CancellationTokenSource closing = new();
    private PostgresSession? session;
    private PostgresCommitter? committer;
    private bool isOpen;

    /// <summary>Connects to nothing yet.</summary>
    /// <param name="options">Where the pools are.</param>
    /// <param name="time">Gives the times of creations and draws.</param>
    /// <exception cref="StoreRefusedException">The connection string can't be used.</exception>
    public PostgresPoolStore(PostgresOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Deadline, TimeSpan.Zero);
        (this.options, this.time) = (options, time);
        hosts = new PostgresHosts(PostgresAddress.HostsOf(options.ConnectionString), acknowledged);
        chunks = new PostgresChunks(hosts);
    }

    /// <summary>The hosts and the database, for the operator; no user and no password.</summary>
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
            var primary = await hosts.PrimaryAsync(cancellationToken);
            await hosts.ReadAsync(async connection =>
            {
                if (await PostgresDurability.ReadAsync(connection, cancellationToken) is { Weakness: { } weakness })
                    throw new StoreRefusedException($"{primary.Name} can't be used: {weakness}.");
                await PostgresSchema.EnsureAsync(connection, primary.Name, cancellationToken);
                return true;
            }, cancellationToken);
            await PostgresInspection.VerifyAsync(hosts, chunks, primary.Name, expected, cancellationToken);
            if (expected is not null)
                await ForgetOtherAsync(expected, cancellationToken);
        }
        catch (StoreException error) when (!error.IsTransient)
        {
            throw new StoreRefusedException(error.Message, error);
        }

        isOpen = true;
    }

    /// <inheritdoc/>
    public async ValueTask CheckAsync(CancellationToken cancellationToken) => await UseAsync(async own =>
    {
        // A lock is written to the log. And when a commit hangs, the checks after it wait for its lock in vain, instead of hanging as well.
        await own.BeginAsync([new("SELECT number FROM uniquerandom.version FOR UPDATE")], _ => Task.CompletedTask);
        await own.CommitAsync([]);
        return true;
    }, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Pool>> ListAsync(CancellationToken cancellationToken)
    {
        var primary = await hosts.PrimaryAsync(cancellationToken);
        var pools = (await hosts.ReadAsync(connection => PostgresPools.ListAsync(connection, cancellationToken), cancellationToken)).Select(found => found.Pool).ToList();
        await ConfirmEndsAsync(primary, pools, cancellationToken);
        return pools;
    }

    /// <inheritdoc/>
    public async ValueTask<Pool?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var primary = await hosts.PrimaryAsync(cancellationToken);
        var found = await FindStoredAsync(name, cancellationToken);
        if (found is not null)
            await ConfirmEndsAsync(primary, [found.Value.Pool], cancellationToken);
        return found?.Pool;
    }

    /// <inheritdoc/>
    public async ValueTask<Pool?> CreateAsync(PoolDefinition definition, Seed seed, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(seed);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing.Token);
        var isCreated = await UseAsync(async own =>
        {
            var seeding = await PostgresSeeding.TryClaimAsync(own, definition, seed, Now());
            if (seeding is not null)
                await FinishAsync(seeding, progress, stop.Token);
            return seeding is not null;
        }, stop.Token);
        return isCreated ? await FindAsync(definition.Name, CancellationToken.None) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<Pool?> CloseAsync(string name, CancellationToken cancellationToken)
    {
        var close = Statement("UPDATE uniquerandom.pool SET state = 2, closed_at = $2 WHERE name = $1 AND state = 1", name.ToParameter(), Now().ToParameter());
        await UseAsync(async own =>
        {
            await own.BeginAsync([close], _ => Task.CompletedTask);
            await own.CommitAsync([]);
            return true;
        }, cancellationToken);
        var closed = await FindAsync(name, cancellationToken);
        if (closed is { State: PoolState.Closed })
            acknowledged.RecordClosed(closed);
        return closed;
    }

    /// <inheritdoc/>
    public async ValueTask LockAsync(ReadOnlyMemory<DrawRequest> requests)
    {
        var own = await SessionAsync();
        try
        {
            await committer!.LockAsync(requests);
        }
        catch (Exception error) when (PostgresErrors.IsPostgres(error))
        {
            throw PostgresErrors.Unavailable(own.Host, error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(ReadOnlyMemory<DrawRequest> requests, Memory<DrawOutcome> outcomes)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            if (committer is not { HasLocked: true })
                await LockAsync(requests);
            try
            {
                await committer!.CommitAsync(requests, outcomes, Now());
                return;
            }
            catch (Exception error) when (PostgresErrors.IsPostgres(error))
            {
                if (!PostgresErrors.IsConflict(error) || conflicts == MostConflicts)
                    throw PostgresErrors.Unavailable(session!.Host, error);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DrawLogRow>> ReadLogAsync(string name, long position, int limit, CancellationToken cancellationToken) =>
        await hosts.ReadAsync(connection => PostgresLog.ReadAsync(connection, name, position, limit, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask ReadNumbersAsync(string name, long position, Memory<long> numbers, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        var (stored, pool) = await GetAsync(name, cancellationToken);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position + numbers.Length, pool.Cursor, nameof(position));
        await chunks.CopyNumbersAsync(stored, position, numbers, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<long?> FindPositionAsync(string name, long number, CancellationToken cancellationToken)
    {
        var (stored, pool) = await GetAsync(name, cancellationToken);
        if (!pool.Definition.Range.Contains(number))
            return null;

        var offset = (uint)pool.Definition.Range.OffsetOf(number);
        long? position = null;
        for (int first = 0, end = Chunk.CountOf(pool.Cursor); first < end && position is null; first += ChunksAtOnce)
        {
            await chunks.ReadAsync(stored, first, Math.Min(first + ChunksAtOnce, end), (chunk, bytes) =>
            {
                var drawn = (int)Math.Min(pool.Cursor - (long)chunk * Chunk.Length, bytes.Length / sizeof(uint));
                if (Chunk.PlaceOf(offset, bytes.AsSpan(0, drawn * sizeof(uint))) is >= 0 and var place)
                    position = (long)chunk * Chunk.Length + place;
            }, cancellationToken);
        }

        return position;
    }

    /// <summary>Leaves a pool that is being seeded to be finished later, and closes the connections. Idempotent.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await seedingTurn.WaitAsync();
        seedingTurn.Release();
        if (session is not null)
            await session.DisposeAsync();
        session = null;
        await hosts.DisposeAsync();
    }

    private async Task FinishAsync(PostgresSeeding seeding, IProgress<long>? progress, CancellationToken stop)
    {
        try
        {
            await seedingTurn.WaitAsync(stop);
            try
            {
                var pools = await ListAsync(stop);
                await seeding.FinishAsync(pools.Any(pool => pool.State == PoolState.Open), progress, stop);
            }
            finally
            {
                seedingTurn.Release();
            }
        }
        catch (Exception) when (!closing.IsCancellationRequested && !seeding.IsKept)
        {
            await RemoveAsync(seeding);
            throw;
        }
    }

    /// <summary>Leaves no pool behind a creation that has failed. If not even this can be done it stays unfinished, and can be finished later.</summary>
    private static async Task RemoveAsync(PostgresSeeding seeding)
    {
        try
        {
            await seeding.RemoveAsync();
        }
        catch (Exception error) when (error is StoreException || PostgresErrors.IsPostgres(error))
        {
            // What it failed with first is what is told.
        }
    }

    /// <summary>A first start that was cut off promised nobody anything: the next one may want another range.</summary>
    private async Task ForgetOtherAsync(PoolDefinition expected, CancellationToken cancellationToken)
    {
        if ((await FindAsync(expected.Name, cancellationToken)) is not { State: PoolState.Seeding } unfinished || unfinished.Definition == expected)
            return;
        await UseAsync(async own =>
        {
            var seeding = await PostgresSeeding.TryClaimAsync(own, unfinished.Definition, Seed.Generate(), Now())
                ?? throw new StoreRefusedException($"Another node seeds the pool '{expected.Name}' with the range {unfinished.Definition.Range}, and {expected.Range} is configured; configure the same for all nodes.");
            await seeding.RemoveAsync();
            return true;
        }, cancellationToken);
    }

    /// <summary>
    /// What is read may be on no standby yet, and be undone by a failover. A seed that is out can't be taken back, so before one is told for the first time
    /// something is committed behind the end of its pool, and waited for.
    /// </summary>
    private async Task ConfirmEndsAsync(PostgresHost read, List<Pool> pools, CancellationToken cancellationToken)
    {
        var news = pools.Where(pool => pool.Seed is not null && !ended.ContainsKey(pool.Commitment)).ToList();
        if (news.Count == 0)
            return;
        try
        {
            await CheckAsync(cancellationToken);
        }
        catch (StoreException error) when (error.Fault == StoreFault.InDoubt)
        {
            throw new StoreException(StoreFault.Unavailable, error.Message, error);
        }

        if (await hosts.PrimaryAsync(cancellationToken) != read)
            throw new StoreException(StoreFault.Unavailable, $"{read.Name} is not the primary any more; ask again.");
        news.ForEach(pool => ended.TryAdd(pool.Commitment, true));
    }

    private async Task<(PostgresPool Stored, Pool Pool)?> FindStoredAsync(string name, CancellationToken cancellationToken) =>
        await hosts.ReadAsync(connection => PostgresPools.FindAsync(connection, name, cancellationToken), cancellationToken);

    private async Task<(PostgresPool Stored, Pool Pool)> GetAsync(string name, CancellationToken cancellationToken) =>
        await FindStoredAsync(name, cancellationToken) ?? throw new ArgumentException($"There is no pool '{name}'.", nameof(name));

    /// <summary>The session of the draws. Only <see cref="LockAsync"/> asks for it, one batch at a time.</summary>
    private async ValueTask<PostgresSession> SessionAsync()
    {
        if (session is { IsLost: false })
            return session;
        if (session is not null)
        {
            hosts.Invalidate(session.Host);
            await session.DisposeAsync();
            session = null;
        }

        session = await ConnectAsync(closing.Token);
        committer = new PostgresCommitter(session, chunks, acknowledged);
        return session;
    }

    /// <summary>Changes something on a session of its own. What failed is told by its fault.</summary>
    private async Task<T> UseAsync<T>(Func<PostgresSession, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var own = await ConnectAsync(cancellationToken);
        try
        {
            return await work(own);
        }
        catch (Exception error) when (PostgresErrors.IsPostgres(error))
        {
            throw PostgresErrors.Unavailable(own.Host, error);
        }
        finally
        {
            if (own.IsLost)
                hosts.Invalidate(own.Host);
        }
    }

    private async Task<PostgresSession> ConnectAsync(CancellationToken cancellationToken)
    {
        var primary = await hosts.PrimaryAsync(cancellationToken);
        try
        {
            return await PostgresSession.OpenAsync(primary, options, cancellationToken);
        }
        catch (Exception error) when (PostgresErrors.IsPostgres(error))
        {
            hosts.Invalidate(primary);
            throw PostgresErrors.Unavailable(primary, error);
        }
        catch (StoreException)
        {
            hosts.Invalidate(primary);
            throw;
        }
    }

    /// <summary>The time as it is stored: to the millisecond.</summary>
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
