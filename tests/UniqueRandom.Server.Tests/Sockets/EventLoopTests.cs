using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Sockets;

/// <summary>Clients that are slow, or need much work, don't delay the others on the same event loop.</summary>
public sealed class EventLoopTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly List<Socket> sockets = [];

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        sockets.ForEach(socket => socket.Dispose());
        directory.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET /ran")]
    [InlineData("GET /random HTTP/1.1\r\nHost: localhost\r\n")]
    [InlineData("POST /pools/default/draws HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + "Content-Length: 100\r\n\r\n{")]
    public async Task Clients_that_send_a_part_of_a_request_do_not_delay_others(string part)
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "20000");
        for (var i = 0; i < 500; i++)
            await ConnectAsync(server.Address.Port, part);
        await DrawPromptlyAsync(server.Client);
    }

    [Fact]
    public async Task A_client_that_does_not_read_its_answer_does_not_delay_others()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "2000100");
        // An export of some 20 MB: more than the buffers of the connection take.
        for (var i = 0; i < 200; i++)
        {
            using var content = new StringContent("""{"count":10000}""", Encoding.UTF8, "application/json");
            var draws = new Uri("/pools/default/draws", UriKind.Relative);
            using var drawn = await server.Client.PostAsync(draws, content, CancellationToken);
            Assert.Equal(HttpStatusCode.Created, drawn.StatusCode);
        }

        for (var i = 0; i < 4; i++)
            await ConnectAsync(server.Address.Port, "GET /pools/default/draws HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await DrawPromptlyAsync(server.Client);
    }

    [Fact]
    public async Task TLS_clients_draw_over_HTTP_1_and_2_and_unfinished_handshakes_do_not_delay_others()
    {
        var (http, https) = (LoopbackPort.Take(), LoopbackPort.Take());
        using var certificate = CreateCertificate();
        await File.WriteAllBytesAsync(directory.File("server.pfx"), certificate.Export(X509ContentType.Pfx), CancellationToken);
        var settings = new Dictionary<string, string> { ["Kestrel__Certificates__Default__Path"] = directory.File("server.pfx") };
        await using var server = await ServerProcess.StartAsync(
            directory, settings, "--maximum", "20000", "--urls", $"http://127.0.0.1:{http};https://127.0.0.1:{https}");
        for (var i = 0; i < 100; i++)
        {
            await ConnectAsync(https, "");
            await ConnectAsync(https, "\x16\x03\x01\x02");
        }

        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}") };
        await DrawPromptlyAsync(client);
        foreach (var version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
        {
            using var secure = new HttpClient(new SocketsHttpHandler
            {
                SslOptions = { RemoteCertificateValidationCallback = (_, used, _, _) => certificate.Equals(used) },
            })
            {
                BaseAddress = new Uri($"https://127.0.0.1:{https}"),
                DefaultRequestVersion = version,
                DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            var numbers = await Task.WhenAll(
                Enumerable.Range(0, 64).Select(_ => secure.GetStringAsync("/random", CancellationToken)));
            Assert.Equal(64, numbers.Distinct().Count());
        }
    }

    [Fact]
    public async Task A_client_that_pipelines_requests_without_a_pause_does_not_delay_others()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "20000");
        var flooding = await ConnectAsync(server.Address.Port, "");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);
        var requests = Encoding.Latin1.GetBytes(string.Concat(
            Enumerable.Repeat("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n", 1000)));
        var sent = RepeatAsync(async () => await flooding.SendAsync(requests, stop.Token));
        var buffer = new byte[65_536];
        var received = RepeatAsync(async () => await flooding.ReceiveAsync(buffer, stop.Token));

        for (var i = 0; i < 10; i++)
            await DrawPromptlyAsync(server.Client);
        Assert.False(sent.IsCompleted || received.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(sent, received));

        static async Task RepeatAsync(Func<Task> action)
        {
            while (true)
                await action();
        }
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private async Task<Socket> ConnectAsync(int port, string request)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        sockets.Add(socket);
        await socket.ConnectAsync(IPAddress.Loopback, port, CancellationToken);
        await socket.SendAsync(Encoding.Latin1.GetBytes(request), CancellationToken);
        return socket;
    }

    private static async Task DrawPromptlyAsync(HttpClient client)
    {
        for (var i = 0; i < 50; i++)
            Assert.Equal(HttpStatusCode.OK, await client.GetPromptlyAsync("/random"));
    }
}
