using Npgsql;

namespace UniqueRandom.Storage.Postgres;

/// <summary>One of the servers in the connection string, and what it said of itself when it was asked last.</summary>
internal sealed class PostgresHost(NpgsqlConnectionStringBuilder address) : IAsyncDisposable
{
    private const string Question = """
        SELECT pg_is_in_recovery(),
               (SELECT system_identifier FROM pg_control_system()),
               CASE WHEN pg_is_in_recovery() THEN NULL ELSE substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) END
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(PostgresAddress.ConnectSeconds);

    public string Name { get; } = PostgresAddress.Name(address);

    public NpgsqlDataSource Source { get; } = NpgsqlDataSource.Create(address);

    /// <summary>Connects and asks. What does not answer in time is not waited for, because the others can't be chosen from meanwhile.</summary>
    /// <exception cref="NpgsqlException">There was no answer.</exception>
    /// <exception cref="TimeoutException">There was none in time.</exception>
    public async Task<PostgresIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            // A connection from before it froze: a new one fails by itself.
            Source.Clear();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    private async Task<PostgresIdentity> AskAsync(CancellationToken cancellationToken)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        await using var command = connection.Command(Question);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new PostgresIdentity(row.GetInt64(1), row.GetBoolean(0) ? null : Convert.ToUInt32(row.GetString(2), 16));
    }
}

/// <summary>Which data a server has, and which turn of its history it writes.</summary>
/// <param name="System">The identifier that a primary shares with its standbys, and with nobody else.</param>
/// <param name="Timeline">Grows with each promotion; null on a standby, which writes nothing.</param>
internal readonly record struct PostgresIdentity(long System, uint? Timeline);
