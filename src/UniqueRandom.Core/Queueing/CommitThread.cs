using System.Diagnostics;

namespace UniqueRandom.Queueing;

/// <summary>
/// A thread that runs the turns of a queue, so that no thread that serves sockets waits for the store. It starts with the first
/// turn.
/// </summary>
internal sealed class CommitThread(Action turn)
{
    /// <summary>How long the thread polls for a turn that is expected. Waking a thread takes about half as long.</summary>
    private static readonly TimeSpan PollTime = TimeSpan.FromMicroseconds(100);

    private readonly object gate = new();
    private Thread? thread;
    private bool hasTurn;
    private bool isEnding;

    /// <summary>Whether the next turn is expected at once. Set by the turn that runs.</summary>
    public bool ExpectsTurn { get; set; }

    /// <summary>Runs a turn on the thread. The previous turn must have ended.</summary>
    public void Run()
    {
        lock (gate)
        {
            hasTurn = true;
            Monitor.Pulse(gate);
        }

        if (thread is null)
        {
            thread = new Thread(RunTurns) { IsBackground = true, Name = "Commit" };
            // Nothing of the caller flows to the thread.
            thread.UnsafeStart();
        }
    }

    /// <summary>Ends the thread, which has no turn left.</summary>
    public void End()
    {
        lock (gate)
        {
            isEnding = true;
            Monitor.Pulse(gate);
        }

        thread?.Join();
    }

    private void RunTurns()
    {
        while (WaitForTurn())
            turn();
    }

    private bool WaitForTurn()
    {
        if (ExpectsTurn)
        {
            var start = Stopwatch.GetTimestamp();
            while (!Volatile.Read(ref hasTurn) && Stopwatch.GetElapsedTime(start) < PollTime)
                Thread.Yield();
        }

        lock (gate)
        {
            while (!hasTurn && !isEnding)
                Monitor.Wait(gate);
            var isTurn = hasTurn;
            hasTurn = false;
            return isTurn;
        }
    }
}
