using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace UniqueRandom.Browser.Tests.Browsing;

/// <summary>Another site: the same page for every path, on its own port.</summary>
internal sealed class OtherSite : IAsyncDisposable
{
    private const string Empty = "<!DOCTYPE html><title>Other site</title><body></body>";

    private readonly WebApplication app;

    private OtherSite(WebApplication app) => this.app = app;

    public int Port => new Uri(app.Urls.Single()).Port;

    public static async Task<OtherSite> StartAsync(string page = Empty, string policy = "")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(context =>
        {
            context.Response.Headers.ContentSecurityPolicy = policy;
            return Results.Content(page, "text/html").ExecuteAsync(context);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new OtherSite(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
