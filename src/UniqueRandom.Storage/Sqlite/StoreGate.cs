namespace UniqueRandom.Storage.Sqlite;

/// <summary>Lets one at a time use the connection, and draws before everybody else.</summary>
/// <remarks>
/// A lock alone would let whoever comes back for its next slice overtake the draws that wait, because they have to be woken up first.
/// </remarks>
internal sealed class StoreGate
{
    private readonly Lock gate = new();
    private int drawsWaiting;
    private bool hasDrawn;

    public Lock.Scope EnterToDraw()
    {
        Interlocked.Increment(ref drawsWaiting);
        var scope = gate.EnterScope();
        Interlocked.Decrement(ref drawsWaiting);
        hasDrawn = true;
        return scope;
    }

    /// <summary>Whether anybody has drawn since this was asked last.</summary>
    public bool HasDrawn() => Interlocked.Exchange(ref hasDrawn, false);

    /// <summary>For everything else, in slices of a millisecond or so.</summary>
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
