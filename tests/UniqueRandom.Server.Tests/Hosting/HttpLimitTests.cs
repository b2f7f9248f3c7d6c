using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using UniqueRandom.Server.Configuration;
using UniqueRandom.Server.Hosting;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;

namespace UniqueRandom.Server.Tests.Hosting;

/// <summary>
/// What one client can take of the server. A request that goes too far is the client's mistake, and no alarm for the operator.
/// </summary>
public sealed class HttpLimitTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly RecordedLog log = new();
    private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => log.Dispose();

    [Theory]
    [InlineData(true, HttpLimits.MaximumBodyLength)]
    // The lengths of the chunks count too.
    [InlineData(false, HttpLimits.MaximumBodyLength - 100)]
    public async Task A_body_over_the_limit_is_refused(bool hasLength, int length)
    {
        await using var app = await StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        using var largest = await PostAsync(length);
        Assert.Equal(HttpStatusCode.OK, largest.StatusCode);

        using var larger = await PostAsync(HttpLimits.MaximumBodyLength + 1);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, larger.StatusCode);
        var problem = await ProblemBody.ReadAsync(larger, "body-too-large");
        Assert.Contains("16384 bytes", problem.GetProperty("detail").GetString());
        Assert.Empty(log.Lines);

        async Task<HttpResponseMessage> PostAsync(int length)
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Post, "/body")
            { Content = new ByteArrayContent(new byte[length]) };
            request.Headers.TransferEncodingChunked = !hasLength;
            return await client.SendAsync(request, Cancellation);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_leaves_in_the_middle_of_its_body_is_no_failure(bool resets)
    {
        await using var app = await StartAsync();

        using (var client = await BeginBodyAsync(app))
        {
            await asked.Task.WaitAsync(Patience, Cancellation);
            client.LingerState = new LingerOption(resets, 0);
        }

        Assert.InRange(await answered.Task.WaitAsync(Patience, Cancellation), 400, 499);
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task A_body_that_comes_too_slowly_is_refused()
    {
        await using var app = await StartAsync(
            ("Kestrel:Limits:MinRequestBodyDataRate:BytesPerSecond", "240"),
            ("Kestrel:Limits:MinRequestBodyDataRate:GracePeriod", "00:00:01.1"));

        using var client = await BeginBodyAsync(app);

        Assert.Equal(StatusCodes.Status408RequestTimeout, await answered.Task.WaitAsync(Patience, Cancellation));
        Assert.DoesNotContain(log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("MaxRequestLineSize", "many")]
    [InlineData("MaxRequestLineSize", "0")]
    [InlineData("MaxRequestLine", "100")]
    public async Task A_limit_that_is_none_is_refused(string limit, string value)
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
    public async Task A_request_has_a_longest_line_and_a_number_of_headers(int path, int headers, HttpStatusCode status)
    {
        await using var app = await StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var request = new HttpRequestMessage(HttpMethod.Get, new string('a', path));
        for (var header = 0; header < headers; header++)
            request.Headers.Add($"X-{header}", "1");

        using var response = await client.SendAsync(request, Cancellation);

        Assert.Equal(status, response.StatusCode);
    }

    /// <summary>Sends the first half of a body.</summary>
    private static async Task<Socket> BeginBodyAsync(WebApplication app)
    {
        var address = new Uri(app.Urls.Single());
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(address.Host, address.Port, Cancellation);
        await client.SendAsync(
            "POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n12345"u8.ToArray(), Cancellation);
        return client;
    }

    /// <summary>A server with a route that reads its body, and with the limits and the boundary of the real one.</summary>
    private async Task<WebApplication> StartAsync(params (string Setting, string Value)[] settings)
    {
        var switches = settings.ToDictionary(setting => setting.Setting, setting => (string?)setting.Value);
        switches.Add("Urls", "http://127.0.0.1:0");
        var builder = ServerApplication.CreateBuilder(switches);
        // The last registration wins: this one replaces the server's own log.
        builder.Services.AddSingleton<ILoggerFactory>(new LoggerFactory([log]));
        var app = builder.Build();
        app.Use(async (context, next) =>
        {
            asked.TrySetResult();
            await next(context);
            answered.TrySetResult(context.Response.StatusCode);
        });
        app.UseRequestBoundary();
        app.MapPost("/body", (RequestDelegate)(context => context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted)));
        await app.StartAsync(Cancellation);
        return app;
    }
}
