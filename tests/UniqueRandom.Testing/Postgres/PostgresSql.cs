using Npgsql;

namespace UniqueRandom.Testing.Postgres;

/// <summary>
/// Executes statements for tests, each on a new connection, because a pooled one could belong to a killed server.
/// </summary>
internal static class PostgresSql
{
    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Reads the first column of the first row; the default of the type if there is no row or it is null.</summary>
    /// <exception cref="InvalidCastException">The column has another type.</exception>
    public static async Task<T?> ScalarAsync<T>(string connectionString, string sql)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is { } value and not DBNull ? (T)value : default;
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var own = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 5, CommandTimeout = 20 };
        var connection = new NpgsqlConnection(own.ConnectionString);
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
