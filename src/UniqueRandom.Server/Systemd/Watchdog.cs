using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;
using UniqueRandom.Queueing;
using UniqueRandom.Server.Sockets;

namespace UniqueRandom.Server.Systemd;

/// <summary>
/// Feeds the watchdog of systemd while the threads that serve sockets take work. It has a thread of its own, because with SQLite
/// a disk that hangs can occupy the whole thread pool.
/// </summary>
/// <param name="manager">The receiver.</param>
/// <param name="loops">The threads that serve sockets and never wait for a store.</param>
internal sealed class Watchdog(ServiceManager manager, IEnumerable<EventLoop> loops) : IDisposable
{
    private static readonly ServiceState Alive = new("WATCHDOG=1");

    private readonly CancellationTokenSource disposing = new();

    /// <summary>Starts feeding if systemd asks for it, at half the interval.</summary>
    public void Start()
    {
        var text = Environment.GetEnvironmentVariable("WATCHDOG_USEC");
        var process = Environment.GetEnvironmentVariable("WATCHDOG_PID");
        if (process is null or "" || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
        {
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0)
                Start(TimeSpan.FromMicroseconds(microseconds) / 2);
        }
    }

    public void Start(TimeSpan interval) => new Thread(() => Feed(interval)) { IsBackground = true, Name = "Watchdog" }.Start();

    public void Dispose() => disposing.Cancel();

    private void Feed(TimeSpan interval)
    {
        try
        {
            do
            {
                Task.WaitAll(loops.Select(LoopTurn.TakeAsync), disposing.Token);
                manager.Notify(Alive);
            }
            while (!disposing.Token.WaitHandle.WaitOne(interval));
        }
        catch (OperationCanceledException)
        {
            // Disposed while a loop did not take its turn.
        }
    }
}
