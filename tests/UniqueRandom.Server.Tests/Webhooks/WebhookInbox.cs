using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Server.Tests.Webhooks;

/// <summary>A receiver of webhooks on this machine.</summary>
internal sealed class WebhookInbox : IAsyncDisposable
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly WebApplication server;

    private WebhookInbox(WebApplication server)
    {
        this.server = server;
        server.Map("/events", ReceiveAsync);
    }

    /// <summary>What is answered. Default: 204.</summary>
    public int Status { get; set; } = StatusCodes.Status204NoContent;

    /// <summary>The attempts that were made, in their order.</summary>
    public ConcurrentQueue<Message> Messages { get; } = [];

    public string Url => $"{server.Urls.Single()}/events";

    /// <summary>The variables that make a server send to this receiver.</summary>
    public Dictionary<string, string> Variables => new()
    {
        ["UniqueRandom__Webhooks__ops__Url"] = Url,
        ["UniqueRandom__Webhooks__ops__Secret"] = Secret,
        ["UniqueRandom__Webhooks__ops__AllowPrivate"] = "true",
    };

    public static async Task<WebhookInbox> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{LoopbackPort.Take()}");
        var inbox = new WebhookInbox(builder.Build());
        await inbox.server.StartAsync(TestContext.Current.CancellationToken);
        return inbox;
    }

    /// <summary>Waits for a number of attempts, and returns all.</summary>
    public async Task<Message[]> WaitAsync(int count)
    {
        await Eventually.TrueAsync(() => Task.FromResult(Messages.Count >= count), $"there are {count} messages");
        return [.. Messages];
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var (headers, body) = (context.Request.Headers, await reader.ReadToEndAsync());
        Messages.Enqueue(new Message(
            $"{headers["webhook-id"]}", $"{headers["webhook-timestamp"]}", $"{headers["webhook-signature"]}", body));
        context.Response.StatusCode = Status;
        if (Status == StatusCodes.Status302Found)
            context.Response.Headers.Location = "/events";
    }

    public sealed record Message(string Id, string Timestamp, string Signature, string Body)
    {
        /// <summary>The type and the pool, such as <c>pool.low raffle 80</c>.</summary>
        public override string ToString()
        {
            var root = JsonElement.Parse(Body);
            var data = root.GetProperty("data");
            var percent = data.TryGetProperty("percent", out var value) ? $" {value}" : "";
            return $"{root.GetProperty("type")} {data.GetProperty("pool")}{percent}";
        }
    }
}
