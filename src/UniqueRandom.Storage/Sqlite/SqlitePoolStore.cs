using Microsoft.Data.Sqlite;
using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Pools in one SQLite file, for one process: the embedded default.</summary>
/// <remarks>
/// SQLite works on the calling thread, so the asynchronous members complete before they return, except <see cref="CreateAsync"/>, which
/// shuffles and writes on a thread of the pool. One gate guards the connection; it is held for one short transaction at a time.
/// </remarks>
/// <param name="path">The database file; created if it does not exist.</param>
/// <param name="time">Gives the times of creations and draws.</param>
public sealed class SqlitePoolStore(string path, TimeProvider time) : IPoolStore
{
    private readonly Lock gate = new();
    private readonly HashSet<string> seeding = new(StringComparer.Ordinal);
    private SqliteSession? session;

    private SqliteSession Session => session ?? throw new InvalidOperationException("The store is not open.");

    /// <inheritdoc/>
    public ValueTask OpenAsync(PoolDefinition? expected, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (session is not null)
                throw new InvalidOperationException("The store is open already.");
            session = SqliteSession.Open(path, expected);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<Pool?> FindAsync(string name, CancellationToken cancellation)
    {
        lock (gate)
            return ValueTask.FromResult(Session.Pools.GetValueOrDefault(name)?.Snapshot());
    }

    /// <inheritdoc/>
    public async ValueTask<Pool?> CreateAsync(PoolDefinition definition, Seed seed, IProgress<int>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(seed);
        SqliteSession open;
        lock (gate)
        {
            open = Session;
            if (open.Pools.ContainsKey(definition.Name) || !seeding.Add(definition.Name))
                return null;
        }

        try
        {
            var pool = await Task.Run(() => new SqliteSeeding(open.File, gate).Write(definition, seed, Now(), progress, cancellation), cancellation);
            lock (gate)
                open.Pools.Add(definition.Name, pool);
            return pool.Snapshot();
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.Classify(path, error);
        }
        finally
        {
            lock (gate)
                seeding.Remove(definition.Name);
        }
    }

    /// <inheritdoc/>
    public ValueTask CommitAsync(ReadOnlyMemory<DrawRequest> requests, Memory<DrawOutcome> outcomes)
    {
        lock (gate)
        {
            try
            {
                Session.Committer.Commit(requests.Span, outcomes.Span, Now());
            }
            catch (StoreException error) when (error.Fault == StoreFault.Fatal)
            {
                Session.File.Abandon();
                throw;
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Writes the log back into the database and closes it. Idempotent.</summary>
    public ValueTask DisposeAsync()
    {
        lock (gate)
        {
            session?.Dispose();
            session = null;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>The time as it is stored: to the millisecond.</summary>
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
