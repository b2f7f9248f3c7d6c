using System.Net.Sockets;
using Npgsql;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>What errors of Npgsql mean for a draw and for the operator.</summary>
internal static class PostgresErrors
{
    /// <summary>Whether it comes from the server or from the way to it. (A connection that breaks while it is used says so in several ways.)</summary>
    public static bool IsPostgres(Exception error) => error is NpgsqlException or TimeoutException or IOException or SocketException or ObjectDisposedException;

    /// <summary>Whether the connection can still be used, and the transaction was certainly not committed by the statement that failed.</summary>
    public static bool IsOfStatement(Exception error) => error is PostgresException { InvariantSeverity: "ERROR" };

    /// <summary>Whether the same transaction may succeed if it is tried again: another node was faster with a key.</summary>
    public static bool IsConflict(Exception error) => error is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure }
        or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: PostgresSchema.KeyIndex };

    /// <summary>
    /// Whether another server has to be looked for. Also when a lock is not to be had: its holder may be a commit that waits for a standby which has been promoted.
    /// </summary>
    public static bool IsLoss(Exception error) => !IsOfStatement(error) || error is PostgresException
    {
        SqlState: PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.LockNotAvailable,
    };

    /// <summary>Nothing was recorded.</summary>
    public static StoreException Unavailable(PostgresHost server, Exception error) => new(
        StoreFault.Unavailable,
        error is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable }
            ? $"On {server.Name} another transaction holds the pool for too long; it may wait for a standby that is gone. Draws go on when it has ended."
            : $"{server.Name} failed: {Explain(error)}. Draws go on when it works again.",
        error);

    /// <summary>Nobody knows whether it was recorded.</summary>
    public static StoreException InDoubt(PostgresHost server, string why, Exception? error = null) =>
        new(StoreFault.InDoubt, $"Nobody knows whether {server.Name} has recorded it: {why}.", error);

    public static string Explain(Exception error) => error switch
    {
        PostgresException postgres => $"{postgres.MessageText} (SQLSTATE {postgres.SqlState})",
        TimeoutException => "no answer in time",
        _ => (error.InnerException is SocketException socket ? socket.Message : error.Message).TrimEnd('.').ReplaceLineEndings(" "),
    };
}
