using System.Net;
using System.Net.Sockets;

namespace UniqueRandom.Benchmarks.Http;

internal static class Ports
{
    /// <summary>A port of the loopback that nobody listens on; another process may still be faster to take it.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
