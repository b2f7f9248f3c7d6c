using UniqueRandom.Server.Problems;

namespace UniqueRandom.Server.Health;

/// <summary>
/// Delays requests and commands until the pools are ready, except those that need none. The port is bound before the database is
/// opened, so that a port in use leaves the disk unchanged.
/// </summary>
internal sealed class StartGate(TimeProvider time)
{
    /// <summary>How long a request waits before it is refused.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The paths that need no pools.</summary>
    private static readonly PathString[] Exempt = ["/health", "/metrics"];

    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsOpen => opened.Task.IsCompleted;

    public void Open() => opened.TrySetResult();

    /// <summary>Waits until the pools are ready.</summary>
    /// <returns>Whether they are: false after 5 seconds.</returns>
    public async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await opened.Task.WaitAsync(Patience, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public RequestDelegate Delay(RequestDelegate next)
    {
        return context => IsOpen || Array.Exists(Exempt, path => context.Request.Path.StartsWithSegments(path))
            ? next(context)
            : HoldAsync(context);

        async Task HoldAsync(HttpContext context)
        {
            if (await WaitAsync(context.RequestAborted))
                await next(context);
            else
                await Problem.Starting().SendAsync(context);
        }
    }
}
