using System.Data;
using Npgsql;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>A connection for transactions that must last. For one user at a time.</summary>
/// <remarks>
/// <para>Npgsql reports success for a commit whose wait for the standby was cancelled; PostgreSQL tells by a warning only. So a commit is
/// believed only without any warning.</para>
/// <para>Nothing is ever cancelled here, because a cancelled COMMIT is just that. When the server keeps this node waiting for too long, the connection
/// is left to whatever becomes of it, and closed when the server has answered or is found to be gone.</para>
/// </remarks>
internal sealed class PostgresSession : IAsyncDisposable
{
    private static readonly TimeSpan StandbyPoll = TimeSpan.FromMilliseconds(2);

    private readonly NpgsqlConnection connection;
    private readonly PostgresOptions options;
    private readonly string durabilityQuery;
    private bool wasWarned;
    private bool isLeft;

    private PostgresSession(PostgresHost host, NpgsqlConnection connection, PostgresOptions options)
    {
        (Host, this.connection, this.options) = (host, connection, options);
        durabilityQuery = PostgresDurability.Query(options.RequireSyncStandby);
        connection.Notice += (_, told) => wasWarned |= told.Notice.InvariantSeverity == "WARNING";
    }

    public PostgresHost Host { get; }

    /// <summary>Whether another server has to be looked for.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Connects, and looks whether a commit would last there.</summary>
    /// <exception cref="StoreException">It would not: <see cref="StoreFault.Unavailable"/>.</exception>
    /// <exception cref="NpgsqlException">There is no connection.</exception>
    public static async Task<PostgresSession> OpenAsync(PostgresHost host, PostgresOptions options, CancellationToken cancellationToken)
    {
        var connection = await host.Source.OpenConnectionAsync(cancellationToken);
        try
        {
            var durability = await PostgresDurability.ReadAsync(connection, cancellationToken);
            return durability.Weakness is null ? new(host, connection, options) : throw Unavailable(host, durability.Weakness);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins a transaction, with the first of its statements, in one round trip.</summary>
    /// <param name="statements">What to do.</param>
    /// <param name="readAsync">Reads what they return, from the first result on.</param>
    /// <exception cref="StoreException">A commit would not last: <see cref="StoreFault.Unavailable"/>. The transaction has ended.</exception>
    /// <exception cref="NpgsqlException">A statement has failed, or the connection is lost. The transaction has ended.</exception>
    public async Task BeginAsync(IEnumerable<NpgsqlBatchCommand> statements, Func<NpgsqlDataReader, Task> readAsync)
    {
        string? obstacle = null;
        try
        {
            await ExecuteAsync([new("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"), .. BeforeDraws(), .. statements], async rows =>
            {
                if (options.RequireSyncStandby)
                    obstacle = Obstacle(await ReadDurabilityAsync(rows));
                await readAsync(rows);
            });
        }
        catch (Exception error) when (PostgresErrors.IsOfStatement(error))
        {
            await RollBackAsync();
            throw;
        }

        if (obstacle is null)
            return;
        await RollBackAsync();
        // Its standby may be gone because it is the primary now.
        IsLost = true;
        throw Unavailable(Host, obstacle);
    }

    /// <summary>Ends the transaction with the last of its statements, in one round trip, and returns when it is sure to last.</summary>
    /// <exception cref="StoreException">Nobody knows whether it was recorded: <see cref="StoreFault.InDoubt"/>.</exception>
    /// <exception cref="NpgsqlException">A statement has failed; nothing was recorded.</exception>
    public async Task CommitAsync(IReadOnlyCollection<NpgsqlBatchCommand> statements)
    {
        PostgresDurability? durability = null;
        wasWarned = false;
        try
        {
            await ExecuteAsync([.. statements, new("COMMIT"), new(durabilityQuery)], async rows => durability = await ReadDurabilityAsync(rows));
        }
        catch (PostgresException error) when (PostgresErrors.IsOfStatement(error) && statements.Contains(error.BatchCommand))
        {
            await RollBackAsync();
            throw;
        }
        catch (Exception error) when (PostgresErrors.IsPostgres(error))
        {
            throw Doubt(PostgresErrors.Explain(error), error);
        }

        if (wasWarned)
            throw Doubt("its commit was not waited for until a standby had it");
        if (Obstacle(durability!) is { } obstacle)
            throw Doubt(obstacle);
        if (options.RequireSyncStandby)
            await WaitForStandbyAsync(durability!);
    }

    /// <summary>Ends the transaction and leaves nothing of it.</summary>
    public Task RollBackAsync() => RunLastAsync("ROLLBACK");

    /// <summary>Uses the connection to read, or for something that no draw depends on before it is committed in another transaction.</summary>
    /// <exception cref="NpgsqlException">It has failed, or the connection is lost.</exception>
    public Task UseAsync(Func<NpgsqlConnection, Task> work) => BoundAsync(work(connection));

    /// <summary>Gives the connection back, without what was locked on it beyond a transaction.</summary>
    public async ValueTask DisposeAsync()
    {
        // Npgsql keeps the connection, and what is locked on it until it is used again.
        await RunLastAsync("SELECT pg_advisory_unlock_all()");
        if (!isLeft)
            await connection.DisposeAsync();
    }

    private static StoreException Unavailable(PostgresHost host, string obstacle) => new(StoreFault.Unavailable, $"{host.Name} is not drawn from: {obstacle}.");

    /// <summary>A standby that is required is asked for before anything is recorded, because what is recorded without one is burned.</summary>
    private NpgsqlBatchCommand[] BeforeDraws() => options.RequireSyncStandby ? [new(durabilityQuery)] : [];

    private static async Task<PostgresDurability> ReadDurabilityAsync(NpgsqlDataReader rows)
    {
        await rows.ReadAsync();
        var durability = PostgresDurability.Read(rows);
        await rows.NextResultAsync();
        return durability;
    }

    private string? Obstacle(PostgresDurability durability) => durability.Weakness ?? (options.RequireSyncStandby ? durability.MissingStandby : null);

    /// <summary>
    /// COMMIT waits for the standbys that are configured when it comes to that, and someone may have configured them away at that moment. So the
    /// standby is asked: it has this commit when it has what the primary had written right after it.
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
                throw Doubt(PostgresErrors.Explain(error), error);
            }

            if (Obstacle(durability) is { } obstacle)
                throw Doubt(obstacle);
        }
    }

    private StoreException Doubt(string why, Exception? error = null)
    {
        IsLost = true;
        return PostgresErrors.InDoubt(Host, why, error);
    }

    /// <summary>What needs no answer, because it happens with the end of the connection, too.</summary>
    private async Task RunLastAsync(string statement)
    {
        if (isLeft || connection.State != ConnectionState.Open)
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

    private Task ExecuteAsync(IEnumerable<NpgsqlBatchCommand> commands, Func<NpgsqlDataReader, Task> readAsync) => BoundAsync(RunAsync(commands, readAsync));

    private async Task BoundAsync(Task work)
    {
        try
        {
            await work.WaitAsync(options.Deadline);
        }
        catch (Exception error) when (PostgresErrors.IsLoss(error))
        {
            IsLost = true;
            if (!work.IsCompleted)
            {
                isLeft = true;
                _ = CloseAfterAsync(work);
            }

            throw;
        }
    }

    private async Task RunAsync(IEnumerable<NpgsqlBatchCommand> commands, Func<NpgsqlDataReader, Task> readAsync)
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
            await RunAsync([new("SELECT pg_advisory_unlock_all()")], _ => Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.DisposeAsync();
    }
}
