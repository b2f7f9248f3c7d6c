using System.Net;
using System.Net.Sockets;
using UniqueRandom.Server.Configuration;

namespace UniqueRandom.Server.Commands;

/// <summary>Asks the server with the same settings whether it is ready: the health check of a container.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    public static Verb Create() => CommandLine.CreateVerb(
        "health", "Asks the server with the same settings whether it is ready. Exit code: 0 if it is, otherwise 1.", ["--urls"],
        RunAsync);

    private static async Task<int> RunAsync(IConfiguration configuration)
    {
        var (addresses, _) = ListenAddresses.ReadHttp(configuration);
        var address = ListenAddresses.Parse(addresses[0])
            ?? throw new StartException($"The address '{addresses[0]}' is not valid.");
        using var client = new HttpClient(CreateHandler(address)) { Timeout = Timeout };
        try
        {
            using var answer = await client.GetAsync(ToUri(address));
            if (answer.IsSuccessStatusCode)
            {
                Console.WriteLine($"{addresses[0]} is ready.");
                return 0;
            }

            throw new StartException($"{addresses[0]} is not ready: status {(int)answer.StatusCode}.");
        }
        catch (HttpRequestException error)
        {
            throw new StartException($"{addresses[0]} is not ready: {error.GetBaseException().Message}.", error);
        }
        catch (TaskCanceledException error)
        {
            throw new StartException($"{addresses[0]} is not ready: no answer within {Timeout.TotalSeconds} s.", error);
        }
    }

    private static Uri ToUri(BindingAddress address) => address.IsUnixPipe
        ? new Uri("http://localhost/health/ready")
        : new UriBuilder(address.Scheme, HostOf(address), address.Port, "/health/ready").Uri;

    /// <summary>Returns the loopback address for an address that means all interfaces, as Kestrel understands it.</summary>
    private static string HostOf(BindingAddress address)
    {
        if (IPAddress.TryParse(address.Host, out var ip))
            return ip.Equals(IPAddress.Any) ? $"{IPAddress.Loopback}" : ip.Equals(IPAddress.IPv6Any) ? "[::1]" : address.Host;
        return address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? address.Host : $"{IPAddress.Loopback}";
    }

    private static SocketsHttpHandler CreateHandler(BindingAddress address)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        // A certificate is for the public name. The connection does not leave the machine, and the answer is no secret.
#pragma warning disable CA5359
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        if (address.IsUnixPipe)
        {
            handler.ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(address.UnixPipePath), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            };
        }

        return handler;
    }
}
