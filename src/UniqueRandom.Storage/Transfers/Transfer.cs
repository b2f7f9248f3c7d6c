using Microsoft.Data.Sqlite;
using UniqueRandom.Storage.Postgres;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Transfers;

/// <summary>Moves all pools from one store to another, with everything that was drawn and all keys.</summary>
/// <remarks>
/// <list type="number">
/// <item><description>The source is verified, and locked until the end, so that no server draws from it.</description></item>
/// <item><description>Everything is copied into the target, which records that it is unfinished. No server draws from it.
/// </description></item>
/// <item><description>The target is read back and compared.</description></item>
/// <item><description>The source records where its pools are. No server draws from it any more.</description></item>
/// <item><description>The target is finished, and servers can draw from it.</description></item>
/// </list>
/// Each step is durable before the next one begins. An interrupted transfer that runs again starts over before step 4, and
/// finishes after it. So servers can draw from at most one of both at any time.
/// </remarks>
public static class Transfer
{
    /// <summary>Moves all pools, or finishes an interrupted transfer.</summary>
    /// <param name="from">The source. No server may use it.</param>
    /// <param name="to">The target, which has no pools.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Receives which part is done, 0 to 1; null for none.</param>
    /// <param name="cancellationToken">Cancels the transfer before the pools have moved.</param>
    /// <exception cref="StoreRefusedException">An end can't be used; the message says what to do.</exception>
    /// <exception cref="StoreException">An end has failed. Run the transfer again.</exception>
    public static async Task<TransferSummary> RunAsync(
        TransferEnd from, TransferEnd to, TimeProvider time, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(time);
        try
        {
            await using var source = await from.OpenSourceAsync(time, cancellationToken);
            await using var target = await to.OpenTargetAsync(mustExist: source.Moved is not null, cancellationToken);
            return source.Moved is { } moved
                ? await FinishAsync(source, moved, target, progress, cancellationToken)
                : await MoveAsync(source, target, time, progress, cancellationToken);
        }
        catch (SqliteException error)
        {
            throw new StoreException(StoreFault.Fatal, $"SQLite failed ({error.Message.TrimEnd('.')}).", error);
        }
        catch (Exception error) when (PostgresErrors.IsPostgres(error))
        {
            throw new StoreException(
                StoreFault.Unavailable, $"The connection to PostgreSQL failed: {PostgresErrors.Describe(error)}.", error)
            {
                IsTransient = PostgresErrors.IsTransient(error),
            };
        }
    }

    private static async Task<TransferSummary> MoveAsync(
        ITransferSource source,
        ITransferTarget target,
        TimeProvider time,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        if ((await source.Reader.ListAsync(cancellationToken)).Count == 0)
            throw new StoreRefusedException($"{source.Place} has no pools; name the database that the server draws from.");
        RequireRoom(source, target);
        var id = Guid.NewGuid();
        var content = await CopyAsync(source, target, id, progress, cancellationToken);
        return await MoveAsync(source, new TransferState(id, target.Place, time.GetStoredNow()), target, content);
    }

    /// <summary>Finishes a transfer that has moved the pools and was interrupted then.</summary>
    private static async Task<TransferSummary> FinishAsync(
        ITransferSource source,
        TransferState moved,
        ITransferTarget target,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        var isFinished = target.Transfer is null && target.HasPools && target.Identity == source.Identity;
        if (!isFinished && target.Transfer != new TransferState(moved.Id))
        {
            throw new StoreRefusedException(
                $"{source.Place} has moved its pools to {moved.MovedTo}, and {target.Place} does not have them; name that "
                + "database, or restore it from a backup.");
        }

        var content = await ReadAsync(source.Reader, new Half(progress, 0), cancellationToken);
        // The copy may have been on one server only, and not on its standby. No server has drawn from an unfinished target.
        if (!isFinished && content != await target.ReadAsync(
            reader => ReadAsync(reader, new Half(progress, 0.5), cancellationToken), cancellationToken))
        {
            content = await CopyAsync(source, target, moved.Id, progress, cancellationToken);
        }

        // Again, because the move may have been on one server only.
        return await MoveAsync(source, moved, target, content);
    }

    /// <summary>Copies everything, and compares what is stored with it.</summary>
    private static async Task<TransferContent> CopyAsync(
        ITransferSource source,
        ITransferTarget target,
        Guid id,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        await target.BeginAsync(source.Identity, id, cancellationToken);
        using var copy = new TransferCopy(source.Reader, target.Writer, new Half(progress, 0));
        var copied = await copy.RunAsync(cancellationToken);
        await target.SaveAsync(cancellationToken);
        var stored = await target.ReadAsync(
            reader => ReadAsync(reader, new Half(progress, 0.5), cancellationToken), cancellationToken);
        return stored == copied
            ? copied
            : throw new StoreException(
                StoreFault.Fatal, $"What {target.Place} returns is not what was copied to it; check its disk and its memory.");
    }

    private static async Task<TransferContent> ReadAsync(
        ITransferReader reader, IProgress<double> progress, CancellationToken cancellationToken)
    {
        using var copy = new TransferCopy(reader, new NoWriter(), progress);
        return await copy.RunAsync(cancellationToken);
    }

    /// <summary>Records where the pools are, and that the target is finished.</summary>
    private static async Task<TransferSummary> MoveAsync(
        ITransferSource source, TransferState moved, ITransferTarget target, TransferContent content)
    {
        await source.MoveAsync(moved);
        try
        {
            await target.FinishAsync(moved.Id);
        }
        catch (StoreException error)
        {
            throw new StoreException(
                error.Fault,
                $"{source.Place} has moved its pools to {target.Place}, which is not finished: {error.Message}",
                error)
            {
                IsTransient = error.IsTransient,
            };
        }

        return new TransferSummary(target.Place, content.Pools, content.Numbers, content.Keys);
    }

    /// <exception cref="StoreRefusedException">The target has something that is not of this source.</exception>
    private static void RequireRoom(ITransferSource source, ITransferTarget target)
    {
        if (target.Transfer is { MovedTo: null } && target.Identity != source.Identity)
        {
            throw new StoreRefusedException(
                $"{target.Place} has an unfinished transfer from another database; finish that one, or name an empty database.");
        }

        if (target.HasPools && target.Transfer is not { MovedTo: null })
            throw new StoreRefusedException(
                $"{target.Place} has pools already, and nothing is overwritten; name an empty database.");
    }

    /// <summary>Reports one of both halves: everything is read twice.</summary>
    private sealed class Half(IProgress<double>? whole, double start) : IProgress<double>
    {
        public void Report(double value) => whole?.Report(start + value / 2);
    }
}
