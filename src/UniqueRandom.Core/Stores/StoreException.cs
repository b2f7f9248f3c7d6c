namespace UniqueRandom.Stores;

/// <summary>What is known after a store has failed.</summary>
public enum StoreFault
{
    /// <summary>Nothing was recorded, and the store may work again later: a full disk, a lost connection before the commit.</summary>
    Unavailable,

    /// <summary>The batch may or may not have been recorded. The store itself goes on.</summary>
    InDoubt,

    /// <summary>The batch may or may not have been recorded, and nobody knows what is on disk: the process has to stop.</summary>
    Fatal,
}

/// <summary>A store could not do what it was asked for.</summary>
/// <param name="fault">What is known of the outcome.</param>
/// <param name="message">One sentence that says what failed and what to do.</param>
/// <param name="cause">The error below, if any.</param>
public sealed class StoreException(StoreFault fault, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What is known of the outcome.</summary>
    public StoreFault Fault { get; } = fault;

    /// <summary>
    /// Whether the store may recover by itself, as a database server does after a restart or a failover. Default false: somebody has to act.
    /// </summary>
    public bool IsTransient { get; init; }
}

/// <summary>What is stored can't be served from: it is damaged, of another version, in use, or not reachable. Nothing was changed.</summary>
/// <param name="message">One sentence that says what is wrong and what to do.</param>
/// <param name="cause">The error below, if any.</param>
public sealed class StoreRefusedException(string message, Exception? cause = null) : Exception(message, cause);
