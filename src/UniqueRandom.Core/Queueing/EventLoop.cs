namespace UniqueRandom.Queueing;

/// <summary>
/// A thread that serves sockets. Draws of up to 100 numbers that begin on it complete on it, and the queue gathers the draws of
/// all its readable sockets before it hands them to the store. A draw that is alone in its batch completes on the thread that
/// commits. The thread must never wait for a store.
/// </summary>
public abstract class EventLoop
{
    [ThreadStatic]
    private static EventLoop? current;

    /// <summary>Gets the loop of the calling thread; null on any other thread.</summary>
    public static EventLoop? Current
    {
        get => current;
        protected set => current = value;
    }

    /// <summary>
    /// Runs a work item on the thread of the loop, behind the sockets that are readable now. Work items run in the order in which
    /// they were posted. Thread-safe.
    /// </summary>
    /// <param name="item">The work item. It must not throw, and must not block.</param>
    public abstract void Post(IThreadPoolWorkItem item);
}
