using System.Collections.Concurrent;
using UniqueRandom.Queueing;

namespace UniqueRandom.Storage.Tests.Draws;

/// <summary>An event loop on a thread of its own, without sockets.</summary>
internal sealed class ThreadLoop : EventLoop, IDisposable
{
    private readonly BlockingCollection<IThreadPoolWorkItem> items = [];
    private readonly Thread thread;

    public ThreadLoop()
    {
        thread = new Thread(Run) { IsBackground = true };
        thread.Start();
    }

    public override void Post(IThreadPoolWorkItem item) => items.Add(item);

    /// <summary>Starts a function on the loop, and completes with its result.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> function)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(new WorkItem(async () =>
        {
            try
            {
                result.SetResult(await function());
            }
            catch (Exception error)
            {
                result.SetException(error);
            }
        }));
        return result.Task;
    }

    public void Dispose()
    {
        items.CompleteAdding();
        thread.Join();
        items.Dispose();
    }

    private void Run()
    {
        Current = this;
        foreach (var item in items.GetConsumingEnumerable())
            item.Execute();
    }

    private sealed class WorkItem(Action action) : IThreadPoolWorkItem
    {
        public void Execute() => action();
    }
}
