using System.Data;
using Npgsql;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>A connection for transactions that must last. Not thread-safe.</summary>
/// <remarks>
/// <para>Npgsql reports success for a commit whose wait for the standby was canceled; PostgreSQL only sends a warning. So a
/// commit counts only without any warning.</para>
/// <para>Statements are never canceled, because a COMMIT that is canceled succeeds. When the server takes too long, the session
/// is abandoned: its connection is closed when the server has answered or the connection has failed.</para>
/// </remarks>
internal sealed class PostgresSession : IAsyncDisposable
{
    private const string Begin = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

    private static readonly TimeSpan StandbyPoll = TimeSpan.FromMilliseconds(2);

    private readonly NpgsqlConnection connection;
    private readonly PostgresOptions options;
    private readonly string durabilityQuery;
    private bool wasWarned;
    private bool isAbandoned;

    private PostgresSession(PostgresHost host, NpgsqlConnection connection, PostgresOptions options)
    {
        (Host, this.connection, this.options) = (host, connection, options);
        durabilityQuery = PostgresDurability.Query(options.RequireSyncStandby);
        connection.Notice += (_, e) => wasWarned |= e.Notice.InvariantSeverity == "WARNING";
    }

    public PostgresHost Host { get; }

    /// <summary>
    /// Whether the primary has to be found again. Npgsql closes the connection after some errors that the server survives, such
    /// as a full disk.
    /// </summary>
    public bool IsLost
    {
        get => field || connection.State != ConnectionState.Open;
        private set;
    }

    /// <summary>Connects, and verifies that a commit would last.</summary>
    /// <exception cref="StoreException">
    /// A commit would not last, the server is no longer the primary, or too many sessions are open:
    /// <see cref="StoreFault.Unavailable"/>.
    /// </exception>
    /// <exception cref="NpgsqlException">The connection failed.</exception>
    public static async Task<PostgresSession> OpenAsync(
        PostgresHost host, PostgresOptions options, CancellationToken cancellationToken)
    {
        await host.Sessions.EnterAsync(cancellationToken);
        NpgsqlConnection? connection = null;
        try
        {
            connection = await host.ConnectAsync(cancellationToken);
            var durability = await PostgresDurability.ReadAsync(connection, cancellationToken);
            return durability.Weakness is null
                ? new(host, connection, options)
                : throw Unavailable(host, durability, durability.Weakness);
        }
        catch
        {
            if (connection is not null)
                await connection.DisposeAsync();
            host.Sessions.Leave();
            throw;
        }
    }

    /// <summary>Begins a transaction and executes its first statements, in one round trip.</summary>
    /// <param name="statements">The statements.</param>
    /// <param name="readAsync">Reads the results, beginning with the first one.</param>
    /// <remarks>After an exception the transaction has ended.</remarks>
    /// <exception cref="StoreException">A commit would not last: <see cref="StoreFault.Unavailable"/>.</exception>
    /// <exception cref="NpgsqlException">A statement has failed, or the connection is lost.</exception>
    public async Task BeginAsync(IEnumerable<NpgsqlBatchCommand> statements, Func<NpgsqlDataReader, Task> readAsync)
    {
        PostgresDurability? durability = null;
        try
        {
            await ExecuteAsync([new(Begin), .. BeforeDraws(), .. statements], async rows =>
            {
                if (options.RequireSyncStandby)
                    durability = await ReadDurabilityAsync(rows);
                await readAsync(rows);
            });
        }
        catch (Exception error) when (PostgresErrors.IsOfStatement(error))
        {
            await RollBackAsync();
            throw;
        }

        if (durability is null || FindObstacle(durability) is not { } obstacle)
            return;
        await RollBackAsync();
        // The standby may be gone because it was promoted.
        IsLost = true;
        throw Unavailable(Host, durability, obstacle);
    }

    /// <summary>Executes the last statements of the transaction and commits it. Returns when it is certain to last.</summary>
    /// <exception cref="StoreException">The outcome is unknown: <see cref="StoreFault.InDoubt"/>.</exception>
    /// <exception cref="NpgsqlException">A statement has failed; nothing was recorded.</exception>
    public async Task CommitAsync(IReadOnlyCollection<NpgsqlBatchCommand> statements)
    {
        PostgresDurability? durability = null;
        wasWarned = false;
        try
        {
            await ExecuteAsync(
                [.. statements, new("COMMIT"), new(durabilityQuery)],
                async rows => durability = await ReadDurabilityAsync(rows));
        }
        catch (PostgresException error) when (PostgresErrors.IsOfStatement(error) && statements.Contains(error.BatchCommand))
        {
            await RollBackAsync();
            throw;
        }
        catch (Exception error) when (PostgresErrors.IsPostgres(error))
        {
            throw Doubt(PostgresErrors.Describe(error), error);
        }

        if (wasWarned)
            throw Doubt("its commit did not wait until a standby had it");
        if (FindObstacle(durability!) is { } obstacle)
            throw Doubt(obstacle);
        if (options.RequireSyncStandby)
            await WaitForStandbyAsync(durability!);
    }

    /// <summary>Makes the next batch find the primary again.</summary>
    public void Invalidate() => IsLost = true;

    /// <summary>Rolls the transaction back.</summary>
    public Task RollBackAsync() => ExecuteLastAsync("ROLLBACK");

    /// <summary>Uses the connection to read, or for writes that no draw depends on before a later transaction.</summary>
    /// <exception cref="NpgsqlException">A statement has failed, or the connection is lost.</exception>
    public Task UseAsync(Func<NpgsqlConnection, Task> work) => LimitAsync(work(connection));

    /// <summary>Gets the connection, for work that takes longer than the deadline, such as copying all pools.</summary>
    public NpgsqlConnection Connection => connection;

    /// <summary>Releases the connection and its advisory locks.</summary>
    public async ValueTask DisposeAsync()
    {
        // A connection that returns to the pool would keep its locks.
        await ExecuteLastAsync("SELECT pg_advisory_unlock_all()");
        if (isAbandoned)
            return;
        await connection.DisposeAsync();
        Host.Sessions.Leave();
    }

    // A missing standby may come back by itself; a setting has to be changed by the operator.
    private static StoreException Unavailable(PostgresHost host, PostgresDurability durability, string obstacle) =>
        new(StoreFault.Unavailable, $"{host.Name} can't be used: {obstacle}.") { IsTransient = durability.Weakness is null };

    /// <summary>Gets the statements that check for a required standby: draws recorded without one fail.</summary>
    private NpgsqlBatchCommand[] BeforeDraws() => options.RequireSyncStandby ? [new(durabilityQuery)] : [];

    private static async Task<PostgresDurability> ReadDurabilityAsync(NpgsqlDataReader rows)
    {
        await rows.ReadAsync();
        var durability = PostgresDurability.Read(rows);
        await rows.NextResultAsync();
        return durability;
    }

    private string? FindObstacle(PostgresDurability durability) =>
        durability.Weakness ?? (options.RequireSyncStandby ? durability.MissingStandby : null);

    /// <summary>
    /// Waits until a synchronous standby has the commit. COMMIT waits for the standbys that are configured at that moment, and
    /// they may have been removed. The standby has the commit when it has the WAL that the primary had written right after it.
    /// </summary>
    private async Task WaitForStandbyAsync(PostgresDurability durability)
    {
        var (flushed, until) = (durability.Flushed!.Value, Environment.TickCount64 + (long)options.Deadline.TotalMilliseconds);
        while (durability.Confirmed!.Value < flushed)
        {
            if (Environment.TickCount64 > until)
                throw Doubt("the synchronous standby has not confirmed it in time");
            await Task.Delay(StandbyPoll);
            try
            {
                await ExecuteAsync([new(durabilityQuery)], async rows => durability = await ReadDurabilityAsync(rows));
            }
            catch (Exception error) when (PostgresErrors.IsPostgres(error))
            {
                throw Doubt(PostgresErrors.Describe(error), error);
            }

            if (FindObstacle(durability) is { } obstacle)
                throw Doubt(obstacle);
        }
    }

    private StoreException Doubt(string reason, Exception? error = null)
    {
        IsLost = true;
        return PostgresErrors.InDoubt(Host, reason, error);
    }

    /// <summary>Executes a statement whose failure can be ignored: the end of the connection has the same effect.</summary>
    private async Task ExecuteLastAsync(string statement)
    {
        if (isAbandoned || connection.State != ConnectionState.Open)
            return;
        try
        {
            await ExecuteAsync([new(statement)], _ => Task.CompletedTask);
        }
        catch (Exception error) when (PostgresErrors.IsPostgres(error))
        {
            IsLost = true;
        }
    }

    private Task ExecuteAsync(IEnumerable<NpgsqlBatchCommand> commands, Func<NpgsqlDataReader, Task> readAsync) =>
        LimitAsync(ExecuteUnlimitedAsync(commands, readAsync));

    /// <summary>Waits for the server, and abandons the session at the deadline.</summary>
    private async Task LimitAsync(Task work)
    {
        try
        {
            await work.WaitAsync(options.Deadline);
        }
        catch (InvalidOperationException error) when (connection.State != ConnectionState.Open)
        {
            // Npgsql's keepalive has found the connection broken while nothing used it.
            IsLost = true;
            throw new NpgsqlException("The connection is lost", error);
        }
        catch (Exception error) when (PostgresErrors.IsLoss(error))
        {
            IsLost = true;
            if (!work.IsCompleted)
            {
                isAbandoned = true;
                Host.Sessions.Abandon();
                _ = CloseAfterAsync(work);
            }

            throw;
        }
    }

    private async Task ExecuteUnlimitedAsync(IEnumerable<NpgsqlBatchCommand> commands, Func<NpgsqlDataReader, Task> readAsync)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = 0 };
        foreach (var command in commands)
            batch.BatchCommands.Add(command);
        await using var rows = await batch.ExecuteReaderAsync();
        await readAsync(rows);
    }

    private async Task CloseAfterAsync(Task work)
    {
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (connection.State == ConnectionState.Open)
        {
            await ExecuteUnlimitedAsync([new("SELECT pg_advisory_unlock_all()")], _ => Task.CompletedTask)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await connection.DisposeAsync();
        Host.Sessions.LeaveAbandoned();
    }
}
