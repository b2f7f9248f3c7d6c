namespace UniqueRandom.Server.Health;

/// <summary>
/// Lets requests wait until the pools are ready. The port is taken before the database is touched, so that a port in use leaves the
/// disk as it was; whoever asks in between, while the first start seeds, is answered a moment later. Only who asks for the health is not kept waiting.
/// </summary>
internal sealed class StartGate
{
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsOpen => opened.Task.IsCompleted;

    public void Open() => opened.TrySetResult();

    public RequestDelegate Guard(RequestDelegate next)
    {
        return context => IsOpen || context.Request.Path.StartsWithSegments("/health") ? next(context) : WaitAsync(context);

        async Task WaitAsync(HttpContext context)
        {
            await opened.Task.WaitAsync(context.RequestAborted);
            await next(context);
        }
    }
}
