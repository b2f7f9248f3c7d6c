using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using UniqueRandom.Client.Tests.Fixtures;
using UniqueRandom.Testing.Network;

namespace UniqueRandom.Client.Tests.Resilience;

public sealed class RedirectTests
{
    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        var address = $"http://127.0.0.1:{LoopbackPort.Take()}";
        var followed = false;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Urls.Add(address);
        app.MapPost("/pools/default/draws", context =>
        {
            context.Response.Redirect("/pools/default/draws");
            return Task.CompletedTask;
        });
        app.MapGet("/pools/default/draws", () => followed = true);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var registered = new RegisteredClient(new Uri(address));

        var error = await Assert.ThrowsAsync<UniqueRandomException>(
            () => registered.Client.DrawAsync("default", 1, TestContext.Current.CancellationToken));

        Assert.Equal((HttpStatusCode.Found, false), (error.Status, followed));
    }
}
