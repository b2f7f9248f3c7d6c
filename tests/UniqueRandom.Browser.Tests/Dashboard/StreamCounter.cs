using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>A proxy in front of a server that counts the streams of events.</summary>
internal sealed class StreamCounter : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient server;
    private int open;
    private int started;

    private StreamCounter(Uri address)
    {
        server = new HttpClient { BaseAddress = address };
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Run(ForwardAsync);
    }

    public Uri Address => new(app.Urls.Single());

    /// <summary>How many streams are open.</summary>
    public int Open => Volatile.Read(ref open);

    /// <summary>How many streams were ever opened.</summary>
    public int Started => Volatile.Read(ref started);

    public static async Task<StreamCounter> StartAsync(Uri address)
    {
        var counter = new StreamCounter(address);
        await counter.app.StartAsync(TestContext.Current.CancellationToken);
        return counter;
    }

    public async ValueTask DisposeAsync()
    {
        // Ends the streams.
        server.Dispose();
        await app.DisposeAsync();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var isStream = context.Request.Path == "/events";
        if (isStream)
        {
            Interlocked.Increment(ref started);
            Interlocked.Increment(ref open);
        }

        try
        {
            await AnswerAsync(context);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or HttpRequestException)
        {
            context.Abort();
        }
        finally
        {
            if (isStream)
                Interlocked.Decrement(ref open);
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method), $"{context.Request.Path}{context.Request.QueryString}");
        request.Headers.TryAddWithoutValidation("Accept", context.Request.Headers.Accept.ToString());
        using var answer = await server.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await context.Response.StartAsync();
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
