using UniqueRandom.Storage.Postgres;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Transfers;

/// <summary>An end of a transfer: a database that pools leave or enter. Immutable.</summary>
public abstract class TransferEnd
{
    private protected TransferEnd()
    {
    }

    /// <summary>Creates an end that is a SQLite file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mark">The high-water mark; null for the file with <c>.mark</c> appended.</param>
    public static TransferEnd Sqlite(string path, string? mark) => new SqliteEnd(path, mark);

    /// <summary>Creates an end that is a PostgreSQL database.</summary>
    /// <param name="options">The database. Its mark is not used.</param>
    /// <param name="marks">
    /// The marks of the nodes that have drawn from it, if it is a source. Empty for <c>numbers.mark</c> in the current directory,
    /// if there is one.
    /// </param>
    public static TransferEnd Postgres(PostgresOptions options, IReadOnlyList<string> marks) => new PostgresEnd(options, marks);

    /// <exception cref="StoreRefusedException">The pools can't leave this database.</exception>
    internal abstract Task<ITransferSource> OpenSourceAsync(TimeProvider time, CancellationToken cancellationToken);

    /// <param name="mustExist">Whether an earlier run has created it.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="StoreRefusedException">The pools can't enter this database.</exception>
    internal abstract Task<ITransferTarget> OpenTargetAsync(bool mustExist, CancellationToken cancellationToken);
}
