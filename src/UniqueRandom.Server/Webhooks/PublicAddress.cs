using System.Net;
using System.Net.Sockets;

namespace UniqueRandom.Server.Webhooks;

/// <summary>Tells addresses that anyone can reach from those of this machine or of its networks.</summary>
internal static class PublicAddress
{
    /// <summary>The special-purpose addresses of IPv4 that are not globally reachable, and multicast.</summary>
    private static readonly IPNetwork[] SpecialIPv4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
            "224.0.0.0/3",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>The addresses of IPv6 that are assigned to the public.</summary>
    private static readonly IPNetwork GlobalIPv6 = IPNetwork.Parse("2000::/3");

    /// <summary>The special-purpose addresses among them: protocols such as Teredo, documentation, 6to4.</summary>
    private static readonly IPNetwork[] SpecialIPv6 =
        [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? !Array.Exists(SpecialIPv4, network => network.Contains(address))
            : GlobalIPv6.Contains(address) && !Array.Exists(SpecialIPv6, network => network.Contains(address));
    }
}
