using System.Net;
using System.Net.Sockets;

namespace UniqueRandom.Testing.Network;

/// <summary>
/// Reserves ports for servers that restart: below the range of ephemeral ports, and each only once.
/// </summary>
internal static class LoopbackPort
{
    private static readonly HashSet<int> Taken = [];

    public static int Take() => Take(1);

    /// <summary>Reserves successive ports.</summary>
    /// <returns>The first one.</returns>
    public static int Take(int count)
    {
        while (true)
        {
            var first = Random.Shared.Next(10_000, 20_000 - count);
            int[] ports = [.. Enumerable.Range(first, count)];
            lock (Taken)
            {
                if (Taken.Overlaps(ports))
                    continue;
                Taken.UnionWith(ports);
            }

            if (ports.All(IsFree))
                return first;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
