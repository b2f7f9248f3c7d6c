using System.Runtime.InteropServices;

namespace UniqueRandom.Storage;

/// <summary>Lets long computations run in the time that nobody else wants.</summary>
internal static partial class IdleTime
{
    /// <summary>
    /// Runs a computation on a thread of its own, and waits for it. It must hold no lock: while the machine is busy it may stand still.
    /// </summary>
    public static T Run<T>(Func<T> compute) => Task.Factory.StartNew(
        () =>
        {
            Lower();
            return compute();
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).GetAwaiter().GetResult();

    private static void Lower()
    {
        // .NET's priorities have no effect on Linux. The policy SCHED_IDLE makes way at once; a nice value of 19 still takes its turns.
        const int callingThread = 0;
        const int idle = 5;
        var priority = 0;
        if (OperatingSystem.IsLinux())
            _ = SetScheduler(callingThread, idle, ref priority);
        else
            Thread.CurrentThread.Priority = ThreadPriority.Lowest;
    }

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, ref int priority);
}
