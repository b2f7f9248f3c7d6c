using UniqueRandom.Storage.Postgres;
using UniqueRandom.Stores;
using static UniqueRandom.Storage.Postgres.PostgresConnectionExtensions;

namespace UniqueRandom.Storage.Transfers;

/// <summary>
/// A PostgreSQL database that pools leave. A transaction locks it until the pools have moved, so nodes that still run draw
/// nothing meanwhile, and afterwards find out where the pools are.
/// </summary>
internal sealed class PostgresTransferSource : ITransferSource
{
    private const string Lock = """
        LOCK TABLE uniquerandom.version, uniquerandom.pool, uniquerandom.segment, uniquerandom.chunk, uniquerandom.draw,
            uniquerandom.delivery, uniquerandom.loss IN EXCLUSIVE MODE
        """;

    private const string Move = """
        UPDATE uniquerandom.version SET transfer = $1, moved_to = $2, moved_at = $3 WHERE transfer IS NULL OR transfer = $1
        """;

    private readonly PostgresTransferDatabase database;

    private PostgresTransferSource(PostgresTransferDatabase database) => this.database = database;

    public string Place => database.Place;

    public Guid Identity { get; private set; }

    public TransferState? Moved { get; private set; }

    public ITransferReader Reader => new PostgresTransferReader(database.Connection);

    /// <summary>Opens the database, and verifies all of it.</summary>
    /// <exception cref="StoreRefusedException">The data can't be served.</exception>
    /// <exception cref="StoreException">
    /// The database can't be reached, is locked, or lacks what a node has acknowledged.
    /// </exception>
    public static async Task<PostgresTransferSource> OpenAsync(
        PostgresOptions options, IReadOnlyList<string> marks, TimeProvider time, CancellationToken cancellationToken)
    {
        var source = new PostgresTransferSource(new PostgresTransferDatabase(options));
        try
        {
            await source.OpenAsync(marks, time, cancellationToken);
            return source;
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    public async Task MoveAsync(TransferState moved)
    {
        var move = Statement(
            Move, moved.Id.ToParameter(), moved.MovedTo!.ToParameter(), moved.MovedAt!.Value.ToParameter());
        await database.CommitAsync(move);
        if (move.Rows != 1)
            throw new StoreException(StoreFault.Fatal, $"Another program has changed {Place} while it was locked.");
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private async Task OpenAsync(IReadOnlyList<string> marks, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (var mark in MarksOf(marks))
            await database.CompareAsync(mark, time, cancellationToken);
        if ((await database.IdentifyAsync(cancellationToken)).Version is null)
            throw new StoreRefusedException($"{Place} has no pools; name the database that the nodes draw from.");
        await database.EnsureSchemaAsync(VerifyAsync, cancellationToken);
        await database.BeginAsync(cancellationToken, Statement(Lock));
        // Read while it holds the lock: another transfer, or a node that has found a loss, may have been faster.
        (_, var identity, Moved) = await PostgresSchema.IdentifyAsync(database.Connection, cancellationToken);
        Identity = identity!.Value;
        if (Moved is { MovedTo: null })
            throw new StoreRefusedException($"{Place} {Moved.Reason}");
        if (Moved is not null)
            return;
        if ((await PostgresLosses.ReadAsync(database.Connection, cancellationToken)).Count > 0)
            throw new StoreRefusedException($"{Place} lacks what a node has acknowledged; start a node, which says what to do.");
        await VerifyAsync(Place);

        async Task VerifyAsync(string place)
        {
            var pools = await PostgresPools.ListStoredAsync(database.Hosts, cancellationToken);
            if (pools.Find(pool => pool.Row.IsIncomplete) is { Row: { } incomplete })
                throw Damage.OfIncompleteImport(place, incomplete.Name);
            var inspection = new PostgresInspection(database.Hosts, new PostgresChunks(database.Hosts));
            var rest = await inspection.VerifyStartAsync(place, expected: null, cancellationToken);
            await inspection.VerifyRestAsync(rest, besideDraws: false, verifiesOrder: false, progress: null, cancellationToken);
        }
    }

    private static IEnumerable<string> MarksOf(IReadOnlyList<string> named)
    {
        if (named.Count == 0)
            return File.Exists(PostgresMark.DefaultPath) ? [PostgresMark.DefaultPath] : [];
        if (named.FirstOrDefault(mark => !Path.Exists(mark)) is { } missing)
            throw new StoreRefusedException($"There is no mark '{missing}'; name the marks of the nodes.");
        return named;
    }
}
