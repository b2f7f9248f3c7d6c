namespace UniqueRandom.Storage.Sqlite;

/// <summary>A lock on the connection that gives draws precedence.</summary>
/// <remarks>
/// With a plain lock, a thread that enters again for its next slice would overtake waiting draws, which have to wake up first.
/// </remarks>
internal sealed class StoreGate
{
    private readonly Lock gate = new();
    private int drawsWaiting;
    private bool hasDrawn;

    /// <summary>Enters for a batch of draws.</summary>
    public Lock.Scope EnterToDraw()
    {
        Interlocked.Increment(ref drawsWaiting);
        var scope = gate.EnterScope();
        Interlocked.Decrement(ref drawsWaiting);
        hasDrawn = true;
        return scope;
    }

    /// <summary>Whether there was a draw since the last call.</summary>
    public bool HasDrawn() => Interlocked.Exchange(ref hasDrawn, false);

    /// <summary>Enters for anything but a draw. Hold the lock for about a millisecond at most.</summary>
    public Lock.Scope Enter()
    {
        while (true)
        {
            var scope = gate.EnterScope();
            if (Volatile.Read(ref drawsWaiting) == 0)
                return scope;
            scope.Dispose();
            Thread.Yield();
        }
    }
}
