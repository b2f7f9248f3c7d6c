using System.Net;
using System.Net.Sockets;

namespace UniqueRandom.Testing.Network;

/// <summary>
/// Reserves ports for servers that restart: below the range of ephemeral ports, and each only once.
/// </summary>
internal static class LoopbackPort
{
    private static readonly HashSet<int> Taken = [];

    public static int Take()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 20_000);
            lock (Taken)
            {
                if (!Taken.Add(port))
                    continue;
            }

            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // In use by another process: try the next one.
            }
        }
    }
}
