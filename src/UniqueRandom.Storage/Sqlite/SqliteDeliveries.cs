using Microsoft.Data.Sqlite;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>The deliveries of a file. One process uses a file, so it always has the right to deliver.</summary>
internal sealed class SqliteDeliveries(SqlitePoolStore store) : IDeliveryLedger
{
    private const string Select = """
        SELECT p.name, d.level, d.attempted_level, d.first_attempt_at, d.last_attempt_at, d.size
        FROM delivery d JOIN pool p ON p.id = d.pool_id
        WHERE d.webhook = @webhook
        """;

    private const string Upsert = """
        INSERT INTO delivery (webhook, pool_id, level, attempted_level, first_attempt_at, last_attempt_at, size)
        SELECT @webhook, id, @level, @attempted, @first, @last, @size FROM pool WHERE name = @pool
        ON CONFLICT (webhook, pool_id) DO UPDATE
        SET level = excluded.level, attempted_level = excluded.attempted_level,
            first_attempt_at = excluded.first_attempt_at, last_attempt_at = excluded.last_attempt_at, size = excluded.size
        """;

    public ValueTask CheckAsync() => ValueTask.CompletedTask;

    public ValueTask<Dictionary<string, Delivery>> ReadAsync(string webhook) => new(store.Use(open =>
    {
        var deliveries = new Dictionary<string, Delivery>(StringComparer.Ordinal);
        using var command = open.File.Connection.Command(Select, ("@webhook", webhook));
        using var row = command.ExecuteReader();
        while (row.Read())
            deliveries.Add(row.GetString(0), new Delivery(row.GetInt32(1), row.GetInt64(5), AttemptsOf(row)));
        return deliveries;
    }));

    public ValueTask WriteAsync(string webhook, string pool, Delivery delivery)
    {
        store.Use(open =>
        {
            open.File.ThrowIfMoved();
            return open.File.Connection.Execute(
                Upsert,
                ("@webhook", webhook),
                ("@pool", pool),
                ("@level", delivery.Level),
                ("@size", delivery.Size),
                ("@attempted", delivery.Attempts?.Level ?? (object)DBNull.Value),
                ("@first", delivery.Attempts?.First.ToUnixTimeMilliseconds() ?? (object)DBNull.Value),
                ("@last", delivery.Attempts?.Last.ToUnixTimeMilliseconds() ?? (object)DBNull.Value));
        });
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static DeliveryAttempts? AttemptsOf(SqliteDataReader row) => row.IsDBNull(2)
        ? null
        : new DeliveryAttempts(
            row.GetInt32(2),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)));
}
