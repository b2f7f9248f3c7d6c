using System.Collections.Concurrent;
using System.Diagnostics;
using UniqueRandom.Tracing;

namespace UniqueRandom.Storage.Tests.Draws;

/// <summary>Makes an activity the current one, and records the activities of draws and batches in its trace.</summary>
internal sealed class TraceRecording : IDisposable
{
    private readonly ActivityListener listener;
    private readonly ConcurrentQueue<Activity> stopped = [];

    public TraceRecording()
    {
        Root = new Activity("test").Start();
        var trace = Root.TraceId;
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == DrawTracing.SourceName,
            Sample = (ref options) => options.Parent.TraceId == trace
                ? ActivitySamplingResult.AllDataAndRecorded
                : ActivitySamplingResult.None,
            ActivityStopped = activity =>
            {
                if (activity.TraceId != trace)
                    return;
                stopped.Enqueue(activity);
                OnStopped?.Invoke();
            },
        };
        ActivitySource.AddActivityListener(listener);
    }

    public Activity Root { get; }

    public Action? OnStopped { get; set; }

    public IReadOnlyList<Activity> Draws => [.. stopped.Where(activity => activity.OperationName == "draw")];

    public IReadOnlyList<Activity> Batches => [.. stopped.Where(activity => activity.OperationName == "commit")];

    public void Dispose()
    {
        listener.Dispose();
        Root.Dispose();
    }
}
