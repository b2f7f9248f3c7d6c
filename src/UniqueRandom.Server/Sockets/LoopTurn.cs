using UniqueRandom.Queueing;

namespace UniqueRandom.Server.Sockets;

/// <summary>A place in the line of an event loop. Continuations run on the loop.</summary>
internal sealed class LoopTurn : TaskCompletionSource, IThreadPoolWorkItem
{
    /// <summary>Completes on a loop, behind the sockets that are readable now.</summary>
    public static Task TakeAsync(EventLoop loop)
    {
        var turn = new LoopTurn();
        loop.Post(turn);
        return turn.Task;
    }

    public void Execute() => SetResult();
}
