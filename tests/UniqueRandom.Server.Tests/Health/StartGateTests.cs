using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using UniqueRandom.Server.Health;
using UniqueRandom.Server.Hosting;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Health;

/// <summary>Requests that arrive before the pools are ready. The test decides when they are ready.</summary>
public sealed class StartGateTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new();
    private readonly TaskCompletionSource requestWaits = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebApplication app;
    private readonly StartGate gate;
    private HttpClient client = null!;

    public StartGateTests()
    {
        gate = new StartGate(time);
        var builder = ServerApplication.CreateBuilder(new Dictionary<string, string?>());
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Use(next => context =>
        {
            var answered = gate.Delay(next)(context);
            requestWaits.TrySetResult();
            return answered;
        });
        app.Run(context => context.Response.WriteAsync("served"));
    }

    public async ValueTask InitializeAsync()
    {
        await app.StartAsync();
        client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_request_that_has_waited_for_5_seconds_is_refused()
    {
        var request = client.FetchAsync("/random");
        await requestWaits.Task;
        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(request.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(0.1));
        var answer = await request;
        answer.Problem(503, "starting");
        Assert.Equal("1", answer.Headers["Retry-After"]);

        gate.Open();
        Assert.Equal("served", await client.GetStringAsync("/random"));
    }

    [Fact]
    public async Task A_waiting_request_is_answered_when_the_pools_are_ready()
    {
        var request = client.GetStringAsync("/random");
        await requestWaits.Task;
        gate.Open();
        Assert.Equal("served", await request);
    }

    [Fact]
    public async Task A_health_request_does_not_wait() => Assert.Equal("served", await client.GetStringAsync("/health"));
}
