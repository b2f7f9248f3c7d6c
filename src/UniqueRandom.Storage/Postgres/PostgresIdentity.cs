using Npgsql;

namespace UniqueRandom.Storage.Postgres;

/// <summary>Identifies a running server and the branch of history that it writes.</summary>
/// <param name="System">The system identifier, which a primary shares only with its standbys.</param>
/// <param name="Timeline">Increases with each promotion; null on a standby.</param>
/// <param name="StartedAt">When the server started. Distinguishes two servers from two addresses of one server.</param>
internal sealed record PostgresIdentity(long System, uint? Timeline, DateTime StartedAt)
{
    private const string Query = """
        SELECT (SELECT system_identifier FROM pg_control_system()),
               CASE WHEN pg_is_in_recovery() THEN NULL ELSE substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) END,
               pg_postmaster_start_time()
        """;

    /// <summary>Reads the identity of the server at the other end of a connection.</summary>
    /// <exception cref="NpgsqlException">The identity could not be read.</exception>
    public static async Task<PostgresIdentity> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(Query);
        command.CommandTimeout = PostgresAddress.ConnectSeconds;
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new(row.GetInt64(0), row.IsDBNull(1) ? null : Convert.ToUInt32(row.GetString(1), 16), row.GetDateTime(2));
    }
}
