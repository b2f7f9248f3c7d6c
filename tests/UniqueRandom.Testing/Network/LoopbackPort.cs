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

    public static int Take()
    {
        while (true)
        {
            var address = new IPEndPoint(IPAddress.Loopback, Random.Shared.Next(10_000, 20_000));
            var reservation = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                reservation.Bind(address);
                using var listener = new TcpListener(address);
                listener.Start();
                Reservations.Add(reservation);
                return address.Port;
            }
            catch (SocketException)
            {
                // Taken before, or in use by another process: try the next one.
                reservation.Dispose();
            }
        }
    }
}
