namespace UniqueRandom.Server.Sockets;

/// <summary>Resumes awaiting code on the thread pool, whichever thread completed what it awaited.</summary>
internal sealed class PoolContext : SynchronizationContext
{
    private static readonly PoolContext Instance = new();

    private PoolContext()
    {
    }

    /// <summary>Runs a middleware, and what follows it, on the thread pool.</summary>
    public static async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        // Of this method only: its caller gets its own context back when the method yields.
        SetSynchronizationContext(Instance);
        await Task.Yield();
        await next(context);
    }

    public override void Post(SendOrPostCallback d, object? state) => ThreadPool.UnsafeQueueUserWorkItem(
        static work =>
        {
            SetSynchronizationContext(Instance);
            work.Callback(work.State);
            SetSynchronizationContext(null);
        },
        (Callback: d, State: state),
        preferLocal: false);

    public override SynchronizationContext CreateCopy() => this;
}
