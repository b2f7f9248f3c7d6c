using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using UniqueRandom.Queueing;

namespace UniqueRandom.Server.Sockets;

/// <summary>
/// A thread of the socket engine as an event loop. A doorbell brings work items onto it: a pair of sockets, of which one byte is
/// written. The engine reports it behind the sockets that became readable before it.
/// </summary>
internal sealed class SocketLoop : EventLoop, IDisposable
{
    private readonly ConcurrentQueue<IThreadPoolWorkItem> items = new();
    private readonly TaskCompletionSource<bool> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SocketAsyncEventArgs ringing = new();
    private readonly Socket button;
    private readonly Socket bell;
    private int isRung = 1;

    private SocketLoop(Socket button, Socket bell)
    {
        (this.button, this.bell) = (button, bell);
        ringing.SetBuffer(new byte[1]);
        ringing.Completed += (_, _) => Run();
        if (bell.ReceiveAsync(ringing))
            Ring();
    }

    /// <summary>
    /// Whether the loop has a thread of its own. False where the system completes the operations of sockets on the thread pool.
    /// </summary>
    public Task<bool> HasOwnThread => started.Task;

    /// <summary>Creates a loop on the next thread of the socket engine, which distributes sockets in turn.</summary>
    /// <exception cref="SocketException">The system has no more file descriptors.</exception>
    public static SocketLoop Create()
    {
        const int unixDomain = 1, stream = 1, closeOnExecute = 0x80000;
        var handles = new int[2];
        if (CreateSocketPair(unixDomain, stream | closeOnExecute, 0, handles) != 0)
            throw new SocketException(Marshal.GetLastPInvokeError());
        return new SocketLoop(ToSocket(handles[0]), ToSocket(handles[1]));

        static Socket ToSocket(int handle) => new(new SafeSocketHandle(handle, ownsHandle: true));
    }

    public override void Post(IThreadPoolWorkItem item)
    {
        items.Enqueue(item);
        if (Interlocked.Exchange(ref isRung, 1) == 0)
            Ring();
    }

    public void Dispose()
    {
        bell.Dispose();
        button.Dispose();
        ringing.Dispose();
    }

    private void Run()
    {
        if (ringing.SocketError != SocketError.Success || ringing.BytesTransferred == 0)
            return;
        var isStarting = !started.Task.IsCompleted;
        if (isStarting && Thread.CurrentThread.IsThreadPoolThread)
        {
            started.SetResult(false);
            return;
        }

        // Pending, and not completed at once, because nobody has rung again yet: the next ring passes through the engine.
        var isPending = bell.ReceiveAsync(ringing);
        Debug.Assert(isPending, "At most one byte is not read.");
        if (isStarting)
        {
            // Last, because the creator may dispose the loop as soon as it knows.
            Current = this;
            started.SetResult(true);
        }

        Interlocked.Exchange(ref isRung, 0);
        // Only the items that are here now: sockets that are readable come before those that these items post.
        for (var left = items.Count; left > 0 && items.TryDequeue(out var item); left--)
            item.Execute();
    }

    // Does not block: at most one byte is not read.
    private void Ring() => button.Send([0]);

    [DllImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int CreateSocketPair(int domain, int type, int protocol, [Out] int[] handles);
}
