using System.Net.Sockets;

namespace UniqueRandom.Server.Configuration;

/// <summary>Addresses that Kestrel can't bind. It stops at the first one.</summary>
internal static class BindFailure
{
    /// <summary>Returns the exception that names the address.</summary>
    /// <param name="error">The error of Kestrel, which names an address only if it is in use.</param>
    /// <param name="addresses">All addresses, in the order in which they are bound.</param>
    /// <param name="bound">How many of them are bound.</param>
    /// <param name="setting">The setting that has the addresses.</param>
    public static StartException Of(Exception error, IEnumerable<string> addresses, int bound, string setting)
    {
        var cause = error.GetBaseException();
        // Other errors, like that of a missing certificate, can precede the first address.
        var failed = cause is SocketException ? addresses.Skip(bound).Take(1) : addresses;
        var reason = cause.Message.TrimEnd('.').ReplaceLineEndings(" ");
        return new StartException(
            $"Can't listen on {string.Join(", ", failed)}: {char.ToLowerInvariant(reason[0])}{reason[1..]}; "
            + $"choose another address with {setting}.",
            error);
    }
}
