using UniqueRandom.Server.Problems;

namespace UniqueRandom.Server.Health;

/// <summary>
/// Delays requests until the pools are ready, except health checks. The port is bound before the database is opened, so that a
/// port in use leaves the disk unchanged.
/// </summary>
internal sealed class StartGate(TimeProvider time)
{
    /// <summary>How long a request waits before it gets 503 with Retry-After.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsOpen => opened.Task.IsCompleted;

    public void Open() => opened.TrySetResult();

    public RequestDelegate Delay(RequestDelegate next)
    {
        return context => IsOpen || context.Request.Path.StartsWithSegments("/health") ? next(context) : WaitAsync(context);

        async Task WaitAsync(HttpContext context)
        {
            try
            {
                await opened.Task.WaitAsync(Patience, time, context.RequestAborted);
            }
            catch (TimeoutException)
            {
                await Problem.Starting().SendAsync(context);
                return;
            }

            await next(context);
        }
    }
}
