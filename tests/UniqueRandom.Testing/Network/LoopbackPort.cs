using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace UniqueRandom.Testing.Network;

/// <summary>
/// Reserves ports for servers that restart: below the range of ephemeral ports, and each only once.
/// </summary>
internal static class LoopbackPort
{
    /// <summary>
    /// Sockets of UDP, which servers don't use. While one has a port, no other process that runs tests takes it for TCP.
    /// </summary>
    private static readonly ConcurrentBag<Socket> Reservations = [];

    public static int Take() => Take(1);

    /// <summary>Reserves successive ports.</summary>
    /// <returns>The first one.</returns>
    public static int Take(int count)
    {
        while (true)
        {
            var first = Random.Shared.Next(10_000, 20_000 - count);
            var reserved = new List<Socket>();
            for (var port = first; port < first + count && TryReserve(port) is { } reservation; port++)
                reserved.Add(reservation);
            if (reserved.Count == count)
            {
                reserved.ForEach(Reservations.Add);
                return first;
            }

            // Taken before, or in use by another process: try the next ones.
            reserved.ForEach(reservation => reservation.Dispose());
        }
    }

    private static Socket? TryReserve(int port)
    {
        var address = new IPEndPoint(IPAddress.Loopback, port);
        var reservation = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            reservation.Bind(address);
            using var listener = new TcpListener(address);
            listener.Start();
            return reservation;
        }
        catch (SocketException)
        {
            reservation.Dispose();
            return null;
        }
    }
}
