using UniqueRandom.Storage.Postgres;
using UniqueRandom.Stores;
using static UniqueRandom.Storage.Postgres.PostgresConnectionExtensions;

namespace UniqueRandom.Storage.Transfers;

/// <summary>A PostgreSQL database that pools enter. Everything is copied in one transaction.</summary>
internal sealed class PostgresTransferTarget : ITransferTarget
{
    // Waits for a node that creates a pool, which locks the same row.
    private const string Begin = """
        UPDATE uniquerandom.version SET transfer = $1, identity = $2
        WHERE moved_to IS NULL AND CASE WHEN transfer IS NULL
            THEN NOT EXISTS (SELECT FROM uniquerandom.pool) ELSE identity = $2 END
        """;

    private const string Empty = """
        TRUNCATE uniquerandom.pool, uniquerandom.segment, uniquerandom.chunk, uniquerandom.draw, uniquerandom.delivery,
            uniquerandom.loss
        """;

    // Keys come in a random order. It is much faster to sort them at the end.
    private const string DropKeyIndex = $"DROP INDEX uniquerandom.{PostgresSchema.KeyIndex}";

    private const string ContinueIds =
        "SELECT setval(pg_get_serial_sequence('uniquerandom.pool', 'id'), max(id)) FROM uniquerandom.pool HAVING count(*) > 0";

    // Otherwise the first draws are planned as if the tables were empty.
    private const string Analyze = "ANALYZE uniquerandom.pool, uniquerandom.chunk, uniquerandom.draw, uniquerandom.delivery";

    private const string Finish = "UPDATE uniquerandom.version SET transfer = NULL WHERE transfer = $1";

    private readonly PostgresTransferDatabase database;

    private PostgresTransferTarget(PostgresTransferDatabase database) => this.database = database;

    public string Place => database.Place;

    public bool HasPools { get; private set; }

    public Guid Identity { get; private set; }

    public TransferState? Transfer { get; private set; }

    public ITransferWriter Writer => new PostgresTransferWriter(database.Connection);

    /// <summary>Opens the database. Creates the schema if there is none, unless it must exist.</summary>
    /// <exception cref="StoreRefusedException">It is missing, or belongs to another program.</exception>
    /// <exception cref="StoreException">It can't be reached.</exception>
    public static async Task<PostgresTransferTarget> OpenAsync(
        PostgresOptions options, bool mustExist, CancellationToken cancellationToken)
    {
        var target = new PostgresTransferTarget(new PostgresTransferDatabase(options));
        try
        {
            await target.OpenAsync(mustExist, cancellationToken);
            return target;
        }
        catch
        {
            await target.DisposeAsync();
            throw;
        }
    }

    public async Task BeginAsync(Guid identity, Guid transfer, CancellationToken cancellationToken)
    {
        var begin = Statement(Begin, transfer.ToParameter(), identity.ToParameter());
        await database.BeginAsync(cancellationToken, new(PostgresSchema.LockVersion), begin);
        if (begin.Rows != 1)
            throw new StoreRefusedException($"{Place} is not empty any more; name an empty database.");
        await database.CommitAsync();
        await database.BeginAsync(cancellationToken, new(Empty), new(DropKeyIndex));
    }

    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync(PostgresSchema.CreateKeyIndex, cancellationToken);
        await ExecuteAsync(ContinueIds, cancellationToken);
        await ExecuteAsync(Analyze, cancellationToken);
        await database.CommitAsync();
    }

    public Task<TransferContent> ReadAsync(
        Func<ITransferReader, Task<TransferContent>> read, CancellationToken cancellationToken) =>
        database.Hosts.ReadAsync(connection => read(new PostgresTransferReader(connection)), cancellationToken);

    public async Task FinishAsync(Guid transfer)
    {
        var finish = Statement(Finish, transfer.ToParameter());
        await database.BeginAsync(CancellationToken.None, finish);
        await database.CommitAsync();
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private async Task OpenAsync(bool mustExist, CancellationToken cancellationToken)
    {
        var (version, identity, transfer) = await database.IdentifyAsync(cancellationToken);
        if (mustExist && version is null)
            throw new StoreRefusedException($"{Place} has no pools; name the database that the pools were moved to.");
        HasPools = version is not null && await database.HasPoolsAsync(cancellationToken);
        // A database that is not empty is refused later, and stays as it is, unless it is an unfinished target.
        if (!HasPools || transfer is { MovedTo: null })
        {
            await database.EnsureSchemaAsync(_ => Task.CompletedTask, cancellationToken);
            (_, identity, transfer) = await database.IdentifyAsync(cancellationToken);
        }

        (Identity, Transfer) = (identity ?? Guid.Empty, transfer);
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = database.Connection.Command(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
