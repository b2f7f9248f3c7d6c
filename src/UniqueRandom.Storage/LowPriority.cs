using System.Runtime.InteropServices;

namespace UniqueRandom.Storage;

/// <summary>Lets long computations run in the time that nobody else wants.</summary>
internal static partial class LowPriority
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
        const int process = 0; // PRIO_PROCESS: on Linux the calling thread alone
        const int lowest = 19;
        // .NET's own priorities have no effect on Linux, and elsewhere it is not worth a failure either.
        if (OperatingSystem.IsLinux())
            _ = SetPriority(process, 0, lowest);
        else
            Thread.CurrentThread.Priority = ThreadPriority.Lowest;
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);
}
