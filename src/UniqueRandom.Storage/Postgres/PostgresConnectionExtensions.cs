using Npgsql;

namespace UniqueRandom.Storage.Postgres;

internal static class PostgresConnectionExtensions
{
    /// <summary>Executes one statement with positional parameters.</summary>
    /// <returns>The number of changed rows.</returns>
    public static async Task<int> ExecuteAsync(
        this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads the first column of the first row.</summary>
    public static async Task<T> ScalarAsync<T>(
        this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params object?[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter ?? DBNull.Value });
        return command;
    }

    /// <summary>Creates a statement of a batch, with positional parameters.</summary>
    public static NpgsqlBatchCommand Statement(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var statement = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            statement.Parameters.Add(parameter);
        return statement;
    }

    /// <summary>Reads all results, so that the error of any statement is thrown.</summary>
    public static async Task ReadToEndAsync(NpgsqlDataReader rows)
    {
        while (await rows.NextResultAsync())
        {
        }
    }

    public static NpgsqlParameter<T> ToParameter<T>(this T value) => new() { TypedValue = value };
}
