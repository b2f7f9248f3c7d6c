namespace UniqueRandom.Stores;

/// <summary>What is known about the outcome when a store has failed.</summary>
public enum StoreFault
{
    /// <summary>
    /// Nothing was recorded, and the store may work again later: a full disk, a connection lost before the commit.
    /// </summary>
    Unavailable,

    /// <summary>It may or may not have been recorded. The store can still be used.</summary>
    InDoubt,

    /// <summary>It may or may not have been recorded, and what is on disk is unknown: the process has to stop.</summary>
    Fatal,
}

/// <summary>A store operation failed.</summary>
/// <param name="fault">What is known about the outcome.</param>
/// <param name="message">One sentence that says what failed and what to do.</param>
/// <param name="cause">The underlying error, if any.</param>
public sealed class StoreException(StoreFault fault, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Gets what is known about the outcome.</summary>
    public StoreFault Fault { get; } = fault;

    /// <summary>
    /// Whether the store may recover by itself, as a database server does after a restart or a failover. Default false: the
    /// operator has to act.
    /// </summary>
    public bool IsTransient { get; init; }
}

/// <summary>
/// The store can't be served: it is damaged, of another version, in use, or not reachable. Nothing was changed.
/// </summary>
/// <param name="message">One sentence that says what is wrong and what to do.</param>
/// <param name="cause">The underlying error, if any.</param>
public sealed class StoreRefusedException(string message, Exception? cause = null) : Exception(message, cause);
