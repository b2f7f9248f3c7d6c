using System.Net;
using System.Net.Http.Json;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Faults;

/// <summary>A disk that does not finish a sync. What needs it waits, and no thread that serves sockets does.</summary>
public sealed class HangingDiskTests : IAsyncLifetime
{
    private const int Capacity = 3;

    private readonly TemporaryDirectory directory = new();
    private readonly List<Task> waiting = [];
    private ServerProcess server = null!;
    private Strace? strace;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await ServerProcess.StartAsync(directory, "--maximum", "20000", "--queue-capacity", $"{Capacity}");
        strace = await Strace.AttachAsync(server.Id, "fsync,fdatasync", "delay_enter=60s");
    }

    public async ValueTask DisposeAsync()
    {
        await EndHangAsync();
        await server.DisposeAsync();
        await Task.WhenAll(waiting).ContinueWith(_ => { }, TaskScheduler.Default);
        directory.Dispose();
    }

    [Fact]
    public async Task Health_is_answered_and_a_full_queue_refuses_at_once()
    {
        await FillQueueAsync();
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await server.Client.GetPromptlyAsync("/random"));
            Assert.Equal(HttpStatusCode.OK, await server.Client.GetPromptlyAsync("/health"));
        }
    }

    [Theory]
    [InlineData("GET", "/pools")]
    [InlineData("GET", "/pools/default")]
    [InlineData("HEAD", "/random")]
    [InlineData("GET", "/pools/default/numbers/7")]
    [InlineData("GET", "/pools/default/draws")]
    [InlineData("GET", "/health/ready")]
    [InlineData("PUT", "/pools/other")]
    [InlineData("POST", "/pools/default/close")]
    public async Task Requests_that_wait_for_the_store_do_not_delay_others(string method, string path)
    {
        await FillQueueAsync();
        var blocked = Enumerable.Range(0, 4)
            .Select(_ => server.Client.SendAsync(Request(method, path), CancellationToken)).ToArray();
        waiting.AddRange(blocked);
        for (var i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.OK, await server.Client.GetPromptlyAsync("/health"));
        Assert.All(blocked, request => Assert.False(request.IsCompleted));
    }

    [Theory]
    [InlineData("GET", "/random")]
    [InlineData("PUT", "/pools/other")]
    [InlineData("GET", "/health/ready")]
    public async Task SIGTERM_ends_the_process_in_time_and_the_next_start_resumes(string method, string path)
    {
        // The one that hangs in its sync, and others that wait for it or share its result.
        for (var i = 0; i < 3; i++)
            waiting.Add(server.Client.SendAsync(Request(method, path), CancellationToken));
        await Task.WhenAny([Task.Delay(500, CancellationToken), .. waiting]);
        Assert.All(waiting, request => Assert.False(request.IsCompleted));
        var stopping = server.StopAsync();
        await server.LineAsync("the process ends without closing it").WaitAsync(TimeSpan.FromSeconds(12), CancellationToken);
        await EndHangAsync();
        Assert.Equal(1, await stopping);

        await using var next = await ServerProcess.StartAsync(directory, "--maximum", "20000");
        using var response = await next.Client.GetAsync(new Uri("/random", UriKind.Relative), CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>Kills strace, without which the kernel can't end the thread that it delays.</summary>
    private async Task EndHangAsync()
    {
        if (strace is not null)
            await strace.DisposeAsync();
        strace = null;
    }

    private async Task FillQueueAsync() => waiting.AddRange(await FullQueue.FillAsync(
        Capacity, () => Task.FromResult(server.Client.SendAsync(Request("GET", "/random"), CancellationToken)), AssertRefused));

    private static void AssertRefused(HttpResponseMessage response)
    {
        using (response)
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    private static HttpRequestMessage Request(string method, string path) =>
        new(new HttpMethod(method), new Uri(path, UriKind.Relative))
        {
            Content = method == "PUT" ? JsonContent.Create(new { minimum = 1, maximum = 10 }) : null,
        };
}
