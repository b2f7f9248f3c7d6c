using System.Diagnostics;
using System.Threading.Tasks.Sources;
using UniqueRandom.Draws;
using UniqueRandom.Tracing;

namespace UniqueRandom.Queueing;

/// <summary>A draw that waits for its outcome. Its queue reuses it, so that a draw allocates nothing.</summary>
internal sealed class PendingDraw(DrawQueue queue) : IValueTaskSource<DrawOutcome>, IThreadPoolWorkItem
{
    /// <summary>The largest draw that is answered on an event loop. Writing the answer of a larger one delays others.</summary>
    private const int LargestInline = 100;

    private ManualResetValueTaskSourceCore<DrawOutcome> source;
    private DrawOutcome outcome;
    private Exception? error;

    public DrawRequest Request { get; private set; }

    public CancellationToken CancellationToken { get; private set; }

    /// <summary>The activity of the draw; null if nobody listens.</summary>
    public Activity? Trace { get; private set; }

    /// <summary>The event loop on which the draw began, and completes; null if it completes on the thread pool.</summary>
    public EventLoop? Loop { get; private set; }

    public ValueTask<DrawOutcome> Begin(in DrawRequest request, Activity? trace, CancellationToken cancellationToken)
    {
        Request = request;
        Trace = trace;
        CancellationToken = cancellationToken;
        Loop = request.Count <= LargestInline ? EventLoop.Current : null;
        // The committing thread takes the next batch instead of running continuations.
        source.RunContinuationsAsynchronously = Loop is null;
        return new ValueTask<DrawOutcome>(this, source.Version);
    }

    /// <summary>Completes the draw on its event loop, or on the calling thread.</summary>
    public void Complete(in DrawOutcome result, bool onCallingThread)
    {
        if (Trace is { } trace)
            DrawTracing.End(trace, result);
        outcome = result;
        if (onCallingThread)
            SetResult();
        else
            Complete();
    }

    public void Fail(Exception reason)
    {
        if (Trace is { } trace)
            DrawTracing.End(trace, reason);
        error = reason;
        Complete();
    }

    void IThreadPoolWorkItem.Execute() => SetResult();

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
                Trace = null;
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

    private void Complete()
    {
        if (Loop is null)
            SetResult();
        else
            Loop.Post(this);
    }

    private void SetResult()
    {
        // Cleared first: the continuation may reuse this instance.
        var (result, reason) = (outcome, error);
        (outcome, error) = (default, null);
        if (reason is null)
            source.SetResult(result);
        else
            source.SetException(reason);
    }
}
