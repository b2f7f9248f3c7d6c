using Npgsql;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>
/// The deliveries, by the one session of all nodes that holds an advisory lock. PostgreSQL releases the lock when the session
/// ends. Thread-safe.
/// </summary>
internal sealed class PostgresDeliveries : IDeliveryLedger
{
    private const string Select = """
        SELECT p.name, d.level, d.attempted_level, d.first_attempt_at, d.last_attempt_at, d.size
        FROM uniquerandom.delivery d JOIN uniquerandom.pool p ON p.id = d.pool_id
        WHERE d.webhook = $1
        """;

    private const string Upsert = """
        INSERT INTO uniquerandom.delivery (webhook, pool_id, level, attempted_level, first_attempt_at, last_attempt_at, size)
        SELECT $1, id, $3, $4, $5, $6, $7 FROM uniquerandom.pool WHERE name = $2
        ON CONFLICT (webhook, pool_id) DO UPDATE
        SET level = excluded.level, attempted_level = excluded.attempted_level,
            first_attempt_at = excluded.first_attempt_at, last_attempt_at = excluded.last_attempt_at, size = excluded.size
        """;

    /// <summary>
    /// Ends the session of a node that is frozen or cut off, so that another node can deliver. Not all versions have the setting.
    /// </summary>
    private const string LimitIdle =
        "SELECT set_config(name, '30s', false) FROM pg_settings WHERE name = 'idle_session_timeout'";

    private const string HasMoved = "SELECT moved_to IS NOT NULL FROM uniquerandom.version";

    private readonly SemaphoreSlim turn = new(1);
    private readonly PostgresHosts hosts;
    private readonly PostgresSession session;

    private PostgresDeliveries(PostgresHosts hosts, PostgresSession session) => (this.hosts, this.session) = (hosts, session);

    /// <summary>Opens a session and locks the deliveries for it.</summary>
    /// <returns>The deliveries; null if another session has locked them.</returns>
    /// <exception cref="StoreException">The database could not be reached.</exception>
    public static async Task<PostgresDeliveries?> TryLeaseAsync(
        PostgresHosts hosts, PostgresSessions sessions, CancellationToken cancellationToken)
    {
        var deliveries = new PostgresDeliveries(hosts, await sessions.OpenAsync(cancellationToken));
        var isLocked = false;
        try
        {
            await deliveries.UseAsync(async connection =>
            {
                await connection.ExecuteAsync(LimitIdle, CancellationToken.None);
                isLocked = await connection.ScalarAsync<bool>(
                    "SELECT pg_try_advisory_lock($1, $2)",
                    CancellationToken.None,
                    PostgresSchema.LockClass,
                    PostgresSchema.DeliveryLock);
            });
            return isLocked ? deliveries : null;
        }
        finally
        {
            if (!isLocked)
                await deliveries.DisposeAsync();
        }
    }

    public async ValueTask CheckAsync()
    {
        if (await hosts.PrimaryAsync(CancellationToken.None) != session.Host)
        {
            throw new StoreException(StoreFault.Unavailable, $"{session.Host.Name} is not the primary any more.")
            {
                IsTransient = true,
            };
        }

        var hasMoved = false;
        await UseAsync(async connection => hasMoved = await connection.ScalarAsync<bool>(HasMoved, CancellationToken.None));
        if (hasMoved)
        {
            hosts.Invalidate(session.Host);
            throw new StoreException(StoreFault.Unavailable, $"{session.Host.Name} has moved its pools to another database.");
        }
    }

    public async ValueTask<Dictionary<string, Delivery>> ReadAsync(string webhook)
    {
        var deliveries = new Dictionary<string, Delivery>(StringComparer.Ordinal);
        await UseAsync(async connection =>
        {
            await using var command = connection.Command(Select, webhook);
            await using var row = await command.ExecuteReaderAsync();
            while (await row.ReadAsync())
                deliveries.Add(row.GetString(0), new Delivery(row.GetInt32(1), row.GetInt64(5), AttemptsOf(row)));
        });
        return deliveries;
    }

    public async ValueTask WriteAsync(string webhook, string pool, Delivery delivery) =>
        await UseAsync(connection => connection.ExecuteAsync(
            Upsert,
            CancellationToken.None,
            webhook,
            pool,
            delivery.Level,
            delivery.Attempts?.Level,
            delivery.Attempts?.First.UtcDateTime,
            delivery.Attempts?.Last.UtcDateTime,
            delivery.Size));

    public async ValueTask DisposeAsync()
    {
        try
        {
            // The connection returns to a pool, where it may be idle for longer.
            await session.UseAsync(connection => connection.ExecuteAsync("RESET ALL", CancellationToken.None));
        }
        catch (Exception error) when (PostgresErrors.IsPostgres(error))
        {
            // The server ends a session that is lost.
        }

        await session.DisposeAsync();
        turn.Dispose();
    }

    private static DeliveryAttempts? AttemptsOf(NpgsqlDataReader row) => row.IsDBNull(2)
        ? null
        : new DeliveryAttempts(
            row.GetInt32(2), row.GetFieldValue<DateTimeOffset>(3), row.GetFieldValue<DateTimeOffset>(4));

    private async Task UseAsync(Func<NpgsqlConnection, Task> work)
    {
        await turn.WaitAsync();
        try
        {
            await session.UseAsync(work);
        }
        catch (Exception error) when (PostgresErrors.IsPostgres(error))
        {
            throw PostgresErrors.Unavailable(session.Host, error);
        }
        finally
        {
            turn.Release();
        }
    }
}
