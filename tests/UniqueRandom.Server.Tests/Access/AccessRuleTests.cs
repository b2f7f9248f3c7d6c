using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using UniqueRandom.Server.Access;
using UniqueRandom.Server.Hosting;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Access;

/// <summary>The access rules of routes.</summary>
public sealed class AccessRuleTests
{
    private readonly KeyHolder shop = new("shop", "draw");
    private readonly KeyHolder office = new("office", "admin");
    private readonly KeyHolder till = new("till", "lookup");
    private readonly KeyHolder both = new("both", "admin,draw");

    [Theory]
    [InlineData("/draw", 401, 200, 403, 403, 200)]
    [InlineData("/admin", 401, 403, 200, 403, 200)]
    [InlineData("/lookup", 401, 403, 403, 200, 403)]
    [InlineData("/key", 401, 200, 200, 200, 200)]
    [InlineData("/open", 200, 200, 200, 200, 200)]
    public async Task A_route_accepts_only_keys_with_its_role(string path, params int[] statuses)
    {
        await using var app = await StartAsync(KeyHolder.Environment(shop, office, till, both));
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        List<int> answers = [(await client.FetchAsync(path)).Status];
        foreach (var holder in (KeyHolder[])[shop, office, till, both])
        {
            var answer = await holder.SendAsync(client, HttpMethod.Get, path);
            answers.Add(answer.Status);
            if (answer.Status == 200)
                Assert.Equal(holder.Name, answer.Text);
        }

        Assert.Equal(statuses, answers);
    }

    [Fact]
    public async Task Without_keys_no_route_requires_a_key_and_no_authentication_is_registered()
    {
        await using var app = await StartAsync([]);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        foreach (var path in (string[])["/draw", "/admin", "/lookup", "/key", "/open"])
            Assert.Equal("", await client.GetStringAsync(path, TestContext.Current.CancellationToken));
        Assert.Null(app.Services.GetService<IAuthenticationSchemeProvider>());
        var endpoints = app.Services.GetRequiredService<EndpointDataSource>().Endpoints;
        Assert.DoesNotContain(
            endpoints, endpoint => endpoint.Metadata.Any(item => item is IAuthorizeData or EnableRateLimitingAttribute));
    }

    [Fact]
    public void Reading_a_missing_caller_allocates_nothing()
    {
        var context = new DefaultHttpContext();

        Assert.Null(Caller.Of(context));

        var before = GC.GetAllocatedBytesForCurrentThread();
        Caller.Of(context);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static async Task<WebApplication> StartAsync(Dictionary<string, string> settings)
    {
        var switches = settings.ToDictionary(
            setting => setting.Key.Replace("__", ":", StringComparison.Ordinal), setting => (string?)setting.Value);
        switches.Add("Urls", "http://127.0.0.1:0");
        var app = ServerApplication.CreateBuilder(switches).AddPools().Build();
        app.UseRequestBoundary();
        app.UseAccess();

        RequestDelegate name = context => context.Response.WriteAsync(Caller.Of(context) ?? "");
        app.MapGet("/draw", name).RequiresDraw();
        app.MapGet("/admin", name).RequiresAdmin();
        app.MapGet("/lookup", name).RequiresLookup();
        app.MapGet("/key", name).RequiresKey();
        app.MapGet("/open", name);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
