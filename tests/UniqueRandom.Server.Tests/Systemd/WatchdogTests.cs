using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Abstractions;
using UniqueRandom.Queueing;
using UniqueRandom.Server.Systemd;

namespace UniqueRandom.Server.Tests.Systemd;

/// <summary>A watchdog of several loops, of which the test stops one.</summary>
public sealed class WatchdogTests : ISystemdNotifier, IDisposable
{
    private readonly BlockingCollection<string> messages = [];
    private readonly HeldLoop held = new();
    private readonly Watchdog watchdog;

    public WatchdogTests() =>
        watchdog = new Watchdog(new ServiceManager(this, NullLogger<ServiceManager>.Instance), [new HeldLoop(), held]);

    bool ISystemdNotifier.IsEnabled => true;

    void ISystemdNotifier.Notify(ServiceState state) => messages.Add(state.ToString());

    public void Dispose() => watchdog.Dispose();

    [Fact]
    public void One_loop_that_takes_no_work_stops_feeding_until_it_does()
    {
        watchdog.Start(TimeSpan.FromMilliseconds(1));
        Assert.Equal("WATCHDOG=1", Next());
        held.Hold();
        // What was sent before the loop was held.
        while (messages.TryTake(out _, TimeSpan.FromMilliseconds(200)))
        {
        }

        Assert.Equal(1, held.Waiting);
        held.Release();
        Assert.Equal("WATCHDOG=1", Next());
    }

    private string? Next() => messages.TryTake(out var message, TimeSpan.FromSeconds(30)) ? message : null;

    private sealed class HeldLoop : EventLoop
    {
        private readonly Lock gate = new();
        private readonly List<IThreadPoolWorkItem> items = [];
        private bool isHeld;

        public int Waiting
        {
            get
            {
                lock (gate)
                    return items.Count;
            }
        }

        public override void Post(IThreadPoolWorkItem item)
        {
            lock (gate)
            {
                if (isHeld)
                    items.Add(item);
                else
                    item.Execute();
            }
        }

        public void Hold()
        {
            lock (gate)
                isHeld = true;
        }

        public void Release()
        {
            lock (gate)
            {
                isHeld = false;
                items.ForEach(item => item.Execute());
            }
        }
    }
}
