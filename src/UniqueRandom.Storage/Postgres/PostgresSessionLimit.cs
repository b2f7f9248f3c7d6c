using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>Limits the sessions of a host, so that abandoned ones can't take all its connections. Thread-safe.</summary>
/// <param name="host">The name of the host, for messages.</param>
#pragma warning disable CA1001 // A semaphore without a wait handle needs no disposal; abandoned sessions may outlive the host.
internal sealed class PostgresSessionLimit(string host)
#pragma warning restore CA1001
{
    /// <summary>How many abandoned sessions a host may have before no more are opened.</summary>
    public const int MaximumAbandoned = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(PostgresAddress.ConnectSeconds);

    private readonly SemaphoreSlim free = new(PostgresAddress.MaximumSessions);
    private int abandoned;

    /// <summary>Waits until another session may be opened.</summary>
    /// <exception cref="StoreException">No session may be opened now: <see cref="StoreFault.Unavailable"/>.</exception>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref abandoned) >= MaximumAbandoned)
        {
            throw Unavailable(
                $"{host} has not answered {MaximumAbandoned} transactions yet; they may wait for a standby that is gone. "
                + "Draws go on when they have ended.");
        }

        if (!await free.WaitAsync(Patience, cancellationToken))
        {
            throw Unavailable(
                $"All {PostgresAddress.MaximumSessions} sessions of {host} are in use. Draws go on when one has ended.");
        }
    }

    /// <summary>Counts a session as abandoned: its owner has stopped waiting, and it has not ended.</summary>
    public void Abandon() => Interlocked.Increment(ref abandoned);

    /// <summary>Ends an abandoned session.</summary>
    public void LeaveAbandoned()
    {
        Interlocked.Decrement(ref abandoned);
        Leave();
    }

    /// <summary>Ends a session.</summary>
    public void Leave() => free.Release();

    private static StoreException Unavailable(string message) => new(StoreFault.Unavailable, message) { IsTransient = true };
}
