using Npgsql;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>One of the servers in the connection string. Thread-safe.</summary>
/// <remarks>
/// Each new connection verifies that the server is still the primary that was identified. Existing connections need no further
/// check: a server has to restart to become a standby.
/// </remarks>
internal sealed class PostgresHost : IAsyncDisposable
{
    /// <summary>
    /// The settings that every session needs, independent of the defaults of the server, the database and the user. Lock waits
    /// are limited because the holder may wait for a standby that is gone. Idle transactions are ended because a frozen node
    /// would block the others. The server must not cancel statements: a COMMIT that is canceled while it waits for a standby
    /// succeeds with a warning, and that warning must arrive.
    /// </summary>
    /// <remarks>They are statements because PgBouncer refuses or ignores settings of the startup message.</remarks>
    private const string Settings = """
        SET statement_timeout = 0; SET lock_timeout = 2000; SET idle_in_transaction_session_timeout = 3000;
        SET idle_session_timeout = 0; SET client_min_messages = warning; SET jit = off
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(PostgresAddress.ConnectSeconds);

    private readonly NpgsqlDataSource connections;
    private readonly NpgsqlDataSource identification;
    private readonly PostgresAcknowledged acknowledged;
    private volatile PostgresIdentity? identified;

    public PostgresHost(NpgsqlConnectionStringBuilder address, PostgresAcknowledged acknowledged)
    {
        this.acknowledged = acknowledged;
        Name = PostgresAddress.Name(address);
        Sessions = new PostgresSessionLimit(Name);
        identification = Build(PostgresAddress.ForIdentification(address), SetAsync);
        connections = Build(address, async connection =>
        {
            await SetAsync(connection);
            await VerifyAsync(connection);
        });
    }

    public string Name { get; }

    public PostgresSessionLimit Sessions { get; }

    /// <summary>Connects and reads the identity of the server, within the connect timeout.</summary>
    /// <returns>The identity, and which acknowledged commits the server lacks; null if it lacks none.</returns>
    /// <exception cref="NpgsqlException">There was no answer.</exception>
    /// <exception cref="TimeoutException">There was no answer in time.</exception>
    public async Task<(PostgresIdentity Identity, PostgresLoss? Loss)> IdentifyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Connections from before the host froze would not answer either. A new one times out by itself.
            identification.Clear();
            throw;
        }
    }

    /// <summary>Records in the server what it lacks, so that no other node draws from it.</summary>
    /// <exception cref="NpgsqlException">It could not be recorded.</exception>
    /// <exception cref="TimeoutException">There was no answer in time.</exception>
    public async Task RecordAsync(PostgresLoss loss, CancellationToken cancellationToken)
    {
        await RecordAsync().WaitAsync(Patience, cancellationToken);

        async Task RecordAsync()
        {
            await using var connection = await identification.OpenConnectionAsync(cancellationToken);
            await PostgresLosses.RecordAsync(connection, loss.Unrecorded, cancellationToken);
        }
    }

    /// <summary>Accepts the server with this identity as the primary.</summary>
    public void Accept(PostgresIdentity identity)
    {
        if (identified == identity)
            return;
        identified = identity;
        connections.Clear();
    }

    /// <summary>Closes the idle connections: their prepared statements can't be used after an upgrade of the schema.</summary>
    public void CloseIdle() => connections.Clear();

    /// <summary>Opens a connection to the server that was accepted.</summary>
    /// <exception cref="StoreException">
    /// The server is not the one that was accepted: <see cref="StoreFault.Unavailable"/>.
    /// </exception>
    /// <exception cref="NpgsqlException">The connection failed.</exception>
    public ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken) =>
        connections.OpenConnectionAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await connections.DisposeAsync();
        await identification.DisposeAsync();
    }

    private static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder address, Func<NpgsqlConnection, Task> initializeAsync)
    {
        var builder = new NpgsqlDataSourceBuilder(address.ConnectionString);
        builder.UsePhysicalConnectionInitializer(
            _ => throw new NotSupportedException("Connections are opened asynchronously."), initializeAsync);
        return builder.Build();
    }

    private static async Task SetAsync(NpgsqlConnection connection)
    {
        await using var command = connection.Command(Settings);
        command.CommandTimeout = PostgresAddress.ConnectSeconds;
        await command.ExecuteNonQueryAsync();
    }

    private async Task<(PostgresIdentity Identity, PostgresLoss? Loss)> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await identification.OpenConnectionAsync(cancellationToken);
        return await ReadAsync(connection, cancellationToken);
    }

    private async Task<(PostgresIdentity Identity, PostgresLoss? Loss)> ReadAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var identity = await PostgresIdentity.ReadAsync(connection, cancellationToken);
        return (identity, identity.Timeline is null ? null : await acknowledged.FindLossAsync(connection, cancellationToken));
    }

    private async Task VerifyAsync(NpgsqlConnection connection)
    {
        var (identity, loss) = await ReadAsync(connection, CancellationToken.None);
        if (identity != identified)
        {
            var state = identity.Timeline is null ? "is a standby" : "was restarted or replaced";
            var message = $"{Name} {state} since it was identified as the primary. Draws go on when the primary is found again.";
            throw new StoreException(StoreFault.Unavailable, message) { IsTransient = true };
        }

        if (loss is not null)
            throw new StoreException(StoreFault.Unavailable, loss.Describe(Name));
    }
}
