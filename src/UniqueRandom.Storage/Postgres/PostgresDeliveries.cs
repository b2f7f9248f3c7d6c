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
        SELECT p.name, d.level, d.failing_since, d.attempted_at
        FROM uniquerandom.delivery d JOIN uniquerandom.pool p ON p.id = d.pool_id
        WHERE d.receiver = $1
        """;

    private const string Upsert = """
        INSERT INTO uniquerandom.delivery (receiver, pool_id, level, failing_since, attempted_at)
        SELECT $1, id, $3, $4, $5 FROM uniquerandom.pool WHERE name = $2
        ON CONFLICT (receiver, pool_id) DO UPDATE
        SET level = excluded.level, failing_since = excluded.failing_since, attempted_at = excluded.attempted_at
        """;

    private readonly SemaphoreSlim turn = new(1);
    private readonly PostgresSession session;

    private PostgresDeliveries(PostgresSession session) => this.session = session;

    /// <summary>Opens a session and locks the deliveries for it.</summary>
    /// <returns>The deliveries; null if another session has locked them.</returns>
    /// <exception cref="StoreException">The database could not be reached.</exception>
    public static async Task<PostgresDeliveries?> TryLeaseAsync(PostgresSessions sessions, CancellationToken cancellationToken)
    {
        var deliveries = new PostgresDeliveries(await sessions.OpenAsync(cancellationToken));
        var isLocked = false;
        try
        {
            await deliveries.UseAsync(async connection => isLocked = await connection.ScalarAsync<bool>(
                "SELECT pg_try_advisory_lock($1, $2)",
                CancellationToken.None,
                PostgresSchema.LockClass,
                PostgresSchema.DeliveryLock));
            return isLocked ? deliveries : null;
        }
        finally
        {
            if (!isLocked)
                await deliveries.DisposeAsync();
        }
    }

    public async ValueTask<Dictionary<string, Delivery>> ReadAsync(string receiver)
    {
        var deliveries = new Dictionary<string, Delivery>(StringComparer.Ordinal);
        await UseAsync(async connection =>
        {
            await using var command = connection.Command(Select, receiver);
            await using var row = await command.ExecuteReaderAsync();
            while (await row.ReadAsync())
                deliveries.Add(row.GetString(0), new Delivery(row.GetInt32(1), TimeOf(row, 2), TimeOf(row, 3)));
        });
        return deliveries;
    }

    public async ValueTask WriteAsync(string receiver, string pool, Delivery delivery) =>
        await UseAsync(connection => connection.ExecuteAsync(
            Upsert,
            CancellationToken.None,
            receiver,
            pool,
            delivery.Level,
            delivery.FailingSince?.UtcDateTime,
            delivery.AttemptedAt?.UtcDateTime));

    public async ValueTask DisposeAsync()
    {
        await session.DisposeAsync();
        turn.Dispose();
    }

    private static DateTimeOffset? TimeOf(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

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
