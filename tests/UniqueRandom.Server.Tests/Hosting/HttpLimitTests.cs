using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using UniqueRandom.Server.Configuration;
using UniqueRandom.Server.Hosting;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Hosting;

/// <summary>
/// The limits of requests. A request that exceeds a limit is a client error and logs no warning.
/// </summary>
public sealed class HttpLimitTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly WarningLog log = new();
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public void Dispose() => log.Dispose();

    [Theory]
    [InlineData(true, HttpLimits.MaximumBodyLength)]
    // The lengths of the chunks count as well.
    [InlineData(false, HttpLimits.MaximumBodyLength - 100)]
    public async Task A_body_over_the_limit_is_refused(bool hasLength, int length)
    {
        await using var app = await StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        (await PostAsync(length)).Expect(200);
        var problem = (await PostAsync(HttpLimits.MaximumBodyLength + 1)).Problem(413, "body-too-large");
        Assert.Contains("16384 bytes", problem.GetProperty("detail").GetString());
        Assert.Empty(log.Lines);

        async Task<ApiAnswer> PostAsync(int length)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/body");
            request.Content = new ByteArrayContent(new byte[length]);
            request.Headers.TransferEncodingChunked = !hasLength;
            return await client.SendRequestAsync(request);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_disconnects_during_its_body_is_a_client_error(bool resets)
    {
        await using var app = await StartAsync();

        using (var client = await BeginBodyAsync(app))
        {
            await started.Task.WaitAsync(Timeout, CancellationToken);
            client.LingerState = new LingerOption(resets, 0);
        }

        Assert.InRange(await answered.Task.WaitAsync(Timeout, CancellationToken), 400, 499);
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task A_body_that_is_sent_too_slowly_is_refused()
    {
        await using var app = await StartAsync(
            ("Kestrel:Limits:MinRequestBodyDataRate:BytesPerSecond", "240"),
            ("Kestrel:Limits:MinRequestBodyDataRate:GracePeriod", "00:00:01.1"));

        using var client = await BeginBodyAsync(app);

        Assert.Equal(StatusCodes.Status408RequestTimeout, await answered.Task.WaitAsync(Timeout, CancellationToken));
        Assert.DoesNotContain(log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("MaxRequestLineSize", "many")]
    [InlineData("MaxRequestLineSize", "0")]
    [InlineData("MaxRequestLine", "100")]
    public async Task An_invalid_limit_is_refused(string limit, string value)
    {
        using var directory = new TemporaryDirectory();

        await BadStart.RefusedAsync(
            directory, "The section Kestrel:Limits is not valid",
            new Dictionary<string, string> { [$"Kestrel__Limits__{limit}"] = value });
    }

    [Theory]
    [InlineData(4000, 1, HttpStatusCode.NotFound)]
    [InlineData(4200, 1, HttpStatusCode.RequestUriTooLong)]
    [InlineData(10, 60, HttpStatusCode.NotFound)]
    [InlineData(10, 65, HttpStatusCode.RequestHeaderFieldsTooLarge)]
    public async Task The_request_line_and_the_number_of_headers_are_limited(int path, int headers, HttpStatusCode status)
    {
        await using var app = await StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var request = new HttpRequestMessage(HttpMethod.Get, new string('a', path));
        for (var header = 0; header < headers; header++)
            request.Headers.Add($"X-{header}", "1");

        using var response = await client.SendAsync(request, CancellationToken);

        Assert.Equal(status, response.StatusCode);
    }

    /// <summary>Sends the first half of a body.</summary>
    private static async Task<Socket> BeginBodyAsync(WebApplication app)
    {
        var address = new Uri(app.Urls.Single());
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(address.Host, address.Port, CancellationToken);
        await client.SendAsync(
            "POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n12345"u8.ToArray(), CancellationToken);
        return client;
    }

    /// <summary>
    /// Starts a server with the limits and the error handling of the real one, and with a route that reads the body.
    /// </summary>
    private async Task<WebApplication> StartAsync(params (string Setting, string Value)[] settings)
    {
        var switches = settings.ToDictionary(setting => setting.Setting, setting => (string?)setting.Value);
        switches.Add("Urls", "http://127.0.0.1:0");
        var builder = ServerApplication.CreateBuilder(switches);
        // The last registration wins, so this replaces the server's own log.
        builder.Services.AddSingleton<ILoggerFactory>(new LoggerFactory([log]));
        var app = builder.Build();
        app.Use(async (context, next) =>
        {
            started.TrySetResult();
            await next(context);
            answered.TrySetResult(context.Response.StatusCode);
        });
        app.UseRequestBoundary();
        app.MapPost("/body", (RequestDelegate)(context => context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted)));
        await app.StartAsync(CancellationToken);
        return app;
    }
}
