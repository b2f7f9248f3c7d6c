namespace UniqueRandom.Testing.Network;

/// <summary>Lets one direction pass, or holds it up.</summary>
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
        // It may be closed again before whoever waited is run.
        while (opened.Task is { IsCompleted: false } waiting)
            await waiting.WaitAsync(cancellation);
    }
}
