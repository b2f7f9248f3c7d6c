using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace UniqueRandom.Server.Webhooks;

/// <summary>Sends messages to one receiver. Follows no redirects and uses no proxy. Thread-safe.</summary>
internal sealed class WebhookSender : IDisposable
{
    /// <summary>How long a receiver may take to answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private const int LongestReason = 200;

    private readonly Webhook webhook;
    private readonly TimeProvider time;
    private readonly HttpClient client;

    public WebhookSender(Webhook webhook, TimeProvider time)
    {
        (this.webhook, this.time) = (webhook, time);
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            // The address is resolved and checked again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = async (context, cancellationToken) =>
                await ConnectAsync(context.DnsEndPoint, cancellationToken),
        })
        {
            Timeout = Patience,
        };
    }

    /// <summary>Sends an event.</summary>
    /// <returns>Null if the receiver has it; otherwise why it was not delivered.</returns>
    /// <exception cref="OperationCanceledException">The process stops.</exception>
    public async Task<string?> SendAsync(PoolEvent happened, CancellationToken cancellationToken)
    {
        try
        {
            using var request = CreateRequest(happened);
            using var response = await client.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode ? null : $"it answered {(int)response.StatusCode}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return string.Create(CultureInfo.InvariantCulture, $"it has not answered in {Patience.TotalSeconds} s");
        }
        catch (HttpRequestException error)
        {
            return Clean(error.GetBaseException().Message);
        }
    }

    public void Dispose() => client.Dispose();

    /// <summary>The message may quote what the receiver has sent.</summary>
    private static string Clean(string message) => string.Concat(
        message.Take(LongestReason).Select(character => char.IsControl(character) ? ' ' : character));

    private HttpRequestMessage CreateRequest(in PoolEvent happened)
    {
        var now = time.GetUtcNow();
        var body = WebhookMessage.Write(happened, now);
        var (id, timestamp) = (happened.Id, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("UniqueRandom", null));
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add(
            "webhook-signature", string.Join(' ', webhook.Secrets.Select(secret => secret.Sign(id, timestamp, body))));
        return request;
    }

    /// <summary>Connects to an address that was checked, so that another answer of the name server can't replace it.</summary>
    private async Task<NetworkStream> ConnectAsync(DnsEndPoint receiver, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(receiver.Host, cancellationToken);
        if (!webhook.AllowsPrivate && Array.Find(addresses, address => !PublicAddress.IsPublic(address)) is { } other)
            throw new HttpRequestException($"{receiver.Host} has the address {other}, and AllowPrivate is not true");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, receiver.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
