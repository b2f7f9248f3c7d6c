using System.Net.Sockets;
using Npgsql;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>Classifies the errors of Npgsql, and describes them for the operator.</summary>
internal static class PostgresErrors
{
    private const string IdleInTransactionSessionTimeout = "25P03";

    /// <summary>Whether an error comes from the server or from the connection to it.</summary>
    /// <remarks>Npgsql reports a broken connection in several ways.</remarks>
    public static bool IsPostgres(Exception error) =>
        error is NpgsqlException or TimeoutException or IOException or SocketException or ObjectDisposedException;

    /// <summary>Whether the connection remains usable, and the failed statement certainly did not commit.</summary>
    public static bool IsOfStatement(Exception error) => error is PostgresException { InvariantSeverity: "ERROR" };

    /// <summary>Whether the transaction may succeed when repeated: another node has used a key at the same time.</summary>
    public static bool IsConflict(Exception error) => error is PostgresException postgres && postgres.SqlState switch
    {
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure => true,
        PostgresErrorCodes.UniqueViolation => postgres.ConstraintName == PostgresSchema.KeyIndex,
        _ => false,
    };

    /// <summary>
    /// Whether the primary has to be found again. A lock timeout counts: the holder may be a commit that waits for a standby that
    /// was promoted.
    /// </summary>
    public static bool IsLoss(Exception error) => !IsOfStatement(error) || error is PostgresException
    {
        SqlState: PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.LockNotAvailable,
    };

    /// <summary>Whether PostgreSQL may recover by itself: a restart, a failover, a lost connection, a missing standby.</summary>
    public static bool IsTransient(Exception error) => error switch
    {
        PostgresException postgres => postgres.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.LockNotAvailable
            or PostgresErrorCodes.ReadOnlySqlTransaction or IdleInTransactionSessionTimeout,
        NpgsqlException npgsql => npgsql.IsTransient,
        _ => error is not ObjectDisposedException,
    };

    /// <summary>Creates the exception for a transaction that was not recorded.</summary>
    public static StoreException Unavailable(PostgresHost server, Exception error) => new(
        StoreFault.Unavailable,
        error is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable }
            ? $"Another transaction on {server.Name} holds the pool for too long; it may wait for a standby that is gone. "
                + "Draws go on when it has ended."
            : $"{server.Name} failed: {Describe(error)}. Draws go on when it works again.",
        error)
    {
        IsTransient = IsTransient(error),
    };

    /// <summary>Creates the exception for a transaction whose outcome is unknown.</summary>
    public static StoreException InDoubt(PostgresHost server, string reason, Exception? error = null) =>
        new(StoreFault.InDoubt, $"It is unknown whether {server.Name} has recorded the transaction: {reason}.", error)
        {
            IsTransient = true,
        };

    /// <summary>Describes an error as a part of a sentence.</summary>
    public static string Describe(Exception error) => error switch
    {
        PostgresException postgres => $"{postgres.MessageText} (SQLSTATE {postgres.SqlState})",
        TimeoutException => "no answer in time",
        _ => (error.InnerException as SocketException ?? error).Message.TrimEnd('.').ReplaceLineEndings(" "),
    };
}
