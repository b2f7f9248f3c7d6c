using System.Net;
using System.Net.Sockets;

namespace UniqueRandom.Testing.Network;

/// <summary>
/// Ports for servers that go away and come back: below those that are given to clients, and none of them twice.
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
                // Somebody else's: another one.
            }
        }
    }
}
