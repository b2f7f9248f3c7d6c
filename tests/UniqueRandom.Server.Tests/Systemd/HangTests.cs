using UniqueRandom.Server.Tests.Faults;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Systemd;

/// <summary>What keeps a server from feeding the watchdog, and what does not.</summary>
public sealed class HangTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_disk_that_hangs_does_not_keep_a_server_from_feeding_the_watchdog()
    {
        var limit = TimeSpan.FromSeconds(2);
        using var systemd = new NotifySocket(directory);
        await using var server = await ServerProcess.StartAsync(directory, systemd.Environment(limit));
        List<Task<HttpResponseMessage>> requests;
        await using (await Strace.AttachAsync(server.Id, "fsync,fdatasync", "delay_enter=60s"))
        {
            // The first one hangs in its sync, and each of the others occupies a thread of the thread pool.
            requests = [.. Enumerable.Range(0, 50)
                .Select(i => server.Client.GetAsync(new Uri(i == 0 ? "/random" : "/pools", UriKind.Relative)))];
            while (!systemd.IsEmpty)
                await systemd.ReceiveAsync();

            for (var i = 0; i < 4; i++)
                Assert.Equal("WATCHDOG=1", await systemd.TryReceiveAsync(limit));
            Assert.False(requests[0].IsCompleted);
        }

        await Task.WhenAll(requests);
    }

    [Fact]
    public async Task A_server_whose_event_loop_hangs_does_not_feed_the_watchdog()
    {
        var limit = TimeSpan.FromMilliseconds(300);
        using var systemd = new NotifySocket(directory);
        await using var server = await ServerProcess.StartAsync(directory, systemd.Environment(limit));
        await systemd.ReceiveAsync("WATCHDOG=1");
        await using (await Strace.AttachAsync(server.Id, "epoll_wait,epoll_pwait", "delay_enter=60s"))
        {
            while (await systemd.TryReceiveAsync(limit * 5) is not null)
            {
            }
        }

        Assert.Equal("WATCHDOG=1", await systemd.ReceiveAsync());
    }
}
