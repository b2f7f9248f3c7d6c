using Npgsql;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Storage.Postgres;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Transfers;

/// <summary>A PostgreSQL database that is an end of a transfer: its primary, and a session with an open transaction.</summary>
internal sealed class PostgresTransferDatabase : IAsyncDisposable
{
    /// <summary>
    /// A transaction is idle while the other end works. If this machine is gone, the server ends it after some ten seconds.
    /// </summary>
    private const string StayIdle = """
        SELECT set_config('idle_in_transaction_session_timeout', '0', true), set_config('tcp_keepalives_idle', '5', true),
               set_config('tcp_keepalives_interval', '1', true), set_config('tcp_keepalives_count', '5', true)
        """;

    /// <summary>A standby may need more time for the commit of a copy than for that of a draw.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly PostgresAcknowledged acknowledged = new() { AcceptsTransfers = true };
    private readonly PostgresSessions sessions;
    private PostgresSession? session;

    public PostgresTransferDatabase(PostgresOptions options)
    {
        Place = PostgresAddress.Describe(options.ConnectionString);
        Hosts = new PostgresHosts(PostgresAddress.HostsOf(options.ConnectionString), acknowledged);
        var patient = new PostgresOptions
        {
            ConnectionString = options.ConnectionString,
            RequireSyncStandby = options.RequireSyncStandby,
            Deadline = Deadline,
        };
        sessions = new PostgresSessions(Hosts, patient);
    }

    public string Place { get; }

    public PostgresHosts Hosts { get; }

    /// <summary>Gets the connection of the open transaction.</summary>
    public NpgsqlConnection Connection => session!.Connection;

    /// <summary>Compares the database with the mark of a node.</summary>
    /// <exception cref="StoreRefusedException">The mark can't be read, or belongs to a node that runs.</exception>
    /// <exception cref="StoreException">The database lacks what the node has acknowledged.</exception>
    public async Task CompareAsync(string mark, TimeProvider time, CancellationToken cancellationToken)
    {
        using var opened = PostgresMark.Open(new MarkOptions { Path = mark }, time);
        acknowledged.Use(opened);
        // The next search compares the next mark.
        Hosts.Invalidate(await Hosts.PrimaryAsync(cancellationToken));
    }

    /// <summary>Reads whose database it is.</summary>
    public Task<(int? Version, Guid? Identity, TransferState? Transfer)> IdentifyAsync(CancellationToken cancellationToken) =>
        Hosts.ReadAsync(connection => PostgresSchema.IdentifyAsync(connection, cancellationToken), cancellationToken);

    /// <summary>Reads whether there are pools, in a database that has the schema.</summary>
    public Task<bool> HasPoolsAsync(CancellationToken cancellationToken) => Hosts.ReadAsync(
        connection => connection.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM uniquerandom.pool)", cancellationToken),
        cancellationToken);

    /// <summary>Creates the schema, or upgrades an older one.</summary>
    public async Task EnsureSchemaAsync(Func<string, Task> verify, CancellationToken cancellationToken)
    {
        var name = (await Hosts.PrimaryAsync(cancellationToken)).Name;
        await Hosts.ReadAsync(async connection =>
        {
            await PostgresSchema.EnsureAsync(connection, name, () => verify(name), cancellationToken);
            return true;
        }, cancellationToken);
    }

    /// <summary>Begins a transaction that stays open until <see cref="CommitAsync"/>.</summary>
    /// <exception cref="StoreException">A commit would not last, or a statement has failed.</exception>
    public async Task BeginAsync(CancellationToken cancellationToken, params IEnumerable<NpgsqlBatchCommand> statements)
    {
        session ??= await sessions.OpenAsync(cancellationToken);
        try
        {
            await session.BeginAsync([new(StayIdle), .. statements], PostgresConnectionExtensions.ReadToEndAsync);
        }
        catch (Exception error) when (PostgresErrors.IsPostgres(error))
        {
            throw PostgresErrors.Unavailable(session.Host, error);
        }
    }

    /// <summary>Commits the transaction, and returns when it is certain to last.</summary>
    /// <exception cref="StoreException">It was not recorded, or the outcome is unknown.</exception>
    public async Task CommitAsync(params IReadOnlyCollection<NpgsqlBatchCommand> statements)
    {
        try
        {
            await session!.CommitAsync(statements);
        }
        catch (Exception error) when (PostgresErrors.IsPostgres(error))
        {
            throw PostgresErrors.Unavailable(session!.Host, error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (session is not null)
        {
            await session.RollBackAsync();
            await session.DisposeAsync();
        }

        await Hosts.DisposeAsync();
    }
}
