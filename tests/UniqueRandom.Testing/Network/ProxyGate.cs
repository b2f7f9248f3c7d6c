namespace UniqueRandom.Testing.Network;

/// <summary>Forwards or blocks one direction of a connection.</summary>
internal sealed class ProxyGate
{
    private volatile TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ProxyGate() => Open();

    public void Open() => opened.TrySetResult();

    public void Close()
    {
        if (opened.Task.IsCompleted)
            opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public async Task PassAsync(CancellationToken cancellation)
    {
        // The gate may be closed again before the waiting code runs.
        while (opened.Task is { IsCompleted: false } waiting)
            await waiting.WaitAsync(cancellation);
    }
}
