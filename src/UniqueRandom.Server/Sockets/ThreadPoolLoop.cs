using UniqueRandom.Queueing;

namespace UniqueRandom.Server.Sockets;

/// <summary>The thread pool, where it serves the sockets and no store blocks its threads.</summary>
internal sealed class ThreadPoolLoop : EventLoop
{
    public override void Post(IThreadPoolWorkItem item) => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
}
