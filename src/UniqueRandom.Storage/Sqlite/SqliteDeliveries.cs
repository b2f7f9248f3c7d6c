using Microsoft.Data.Sqlite;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>The deliveries of a file. One process uses a file, so it always has the right to deliver.</summary>
internal sealed class SqliteDeliveries(SqlitePoolStore store) : IDeliveryLedger
{
    private const string Select = """
        SELECT p.name, d.level, d.failing_since, d.attempted_at
        FROM delivery d JOIN pool p ON p.id = d.pool_id
        WHERE d.receiver = @receiver
        """;

    private const string Upsert = """
        INSERT INTO delivery (receiver, pool_id, level, failing_since, attempted_at)
        SELECT @receiver, id, @level, @failing, @attempted FROM pool WHERE name = @pool
        ON CONFLICT (receiver, pool_id) DO UPDATE
        SET level = excluded.level, failing_since = excluded.failing_since, attempted_at = excluded.attempted_at
        """;

    public ValueTask<Dictionary<string, Delivery>> ReadAsync(string receiver) => new(store.Use(open =>
    {
        var deliveries = new Dictionary<string, Delivery>(StringComparer.Ordinal);
        using var command = open.File.Connection.Command(Select, ("@receiver", receiver));
        using var row = command.ExecuteReader();
        while (row.Read())
            deliveries.Add(row.GetString(0), new Delivery(row.GetInt32(1), TimeOf(row, 2), TimeOf(row, 3)));
        return deliveries;
    }));

    public ValueTask WriteAsync(string receiver, string pool, Delivery delivery)
    {
        store.Use(open =>
        {
            open.File.ThrowIfMoved();
            return open.File.Connection.Execute(
                Upsert,
                ("@receiver", receiver),
                ("@pool", pool),
                ("@level", delivery.Level),
                ("@failing", ValueOf(delivery.FailingSince)),
                ("@attempted", ValueOf(delivery.AttemptedAt)));
        });
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static DateTimeOffset? TimeOf(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private static object ValueOf(DateTimeOffset? time) => time is { } known ? known.ToUnixTimeMilliseconds() : DBNull.Value;
}
