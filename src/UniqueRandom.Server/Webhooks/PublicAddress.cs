using System.Net;
using System.Net.Sockets;

namespace UniqueRandom.Server.Webhooks;

/// <summary>Tells addresses that anyone can reach from those of this machine or of its networks.</summary>
internal static class PublicAddress
{
    /// <summary>The special-purpose addresses of IANA that are not globally reachable, and multicast.</summary>
    private static readonly IPNetwork[] Others =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
            "224.0.0.0/3",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>The addresses of IPv6 that are assigned to the public.</summary>
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");

    /// <summary>Of these, those that are not: protocols, among them Teredo, documentation, 6to4.</summary>
    private static readonly IPNetwork[] NotGlobal =
        [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? !Array.Exists(Others, network => network.Contains(address))
            : Global.Contains(address) && !Array.Exists(NotGlobal, network => network.Contains(address));
    }
}
