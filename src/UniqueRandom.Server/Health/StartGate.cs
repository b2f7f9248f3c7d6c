namespace UniqueRandom.Server.Health;

/// <summary>
/// Delays requests until the pools are ready, except those for the health. The port is bound before the database is opened, so
/// that a port in use leaves the disk unchanged.
/// </summary>
internal sealed class StartGate
{
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsOpen => opened.Task.IsCompleted;

    public void Open() => opened.TrySetResult();

    public RequestDelegate Delay(RequestDelegate next)
    {
        return context => IsOpen || context.Request.Path.StartsWithSegments("/health") ? next(context) : WaitAsync(context);

        async Task WaitAsync(HttpContext context)
        {
            await opened.Task.WaitAsync(context.RequestAborted);
            await next(context);
        }
    }
}
