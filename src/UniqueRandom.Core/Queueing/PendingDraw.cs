using System.Threading.Tasks.Sources;
using UniqueRandom.Draws;

namespace UniqueRandom.Queueing;

/// <summary>A draw that waits for its outcome. Its queue reuses it, so that a draw allocates nothing.</summary>
internal sealed class PendingDraw(DrawQueue queue) : IValueTaskSource<DrawOutcome>
{
    // The committing thread takes the next batch instead of running continuations.
    private ManualResetValueTaskSourceCore<DrawOutcome> source = new() { RunContinuationsAsynchronously = true };

    public DrawRequest Request { get; private set; }

    public CancellationToken CancellationToken { get; private set; }

    public ValueTask<DrawOutcome> Begin(in DrawRequest request, CancellationToken cancellationToken)
    {
        Request = request;
        CancellationToken = cancellationToken;
        return new ValueTask<DrawOutcome>(this, source.Version);
    }

    public void Complete(in DrawOutcome outcome) => source.SetResult(outcome);

    public void Fail(Exception error) => source.SetException(error);

    DrawOutcome IValueTaskSource<DrawOutcome>.GetResult(short token)
    {
        var isCurrent = token == source.Version;
        try
        {
            return source.GetResult(token);
        }
        finally
        {
            if (isCurrent)
            {
                // An instance that waits to be reused must not keep objects of its caller alive.
                Request = default;
                CancellationToken = default;
                source.Reset();
                queue.Return(this);
            }
        }
    }

    ValueTaskSourceStatus IValueTaskSource<DrawOutcome>.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource<DrawOutcome>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);
}
