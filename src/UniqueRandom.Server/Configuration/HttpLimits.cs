using System.Reflection;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace UniqueRandom.Server.Configuration;

/// <summary>Limits the resources of one client. Kestrel's defaults are meant for larger requests.</summary>
internal static class HttpLimits
{
    /// <summary>The largest body, in bytes. That of a draw has a count and a reference of at most 255 characters.</summary>
    public const int MaximumBodyLength = 16 * 1024;

    /// <summary>Sets the defaults, and then the configured limits.</summary>
    /// <exception cref="StartException">A configured limit is unknown or has an invalid value.</exception>
    public static void Apply(KestrelServerLimits limits, IConfigurationSection settings)
    {
        SetDefaults(limits);
        try
        {
            settings.Bind(limits, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (Exception error) when (error is InvalidOperationException or TargetInvocationException or ArgumentException)
        {
            throw new StartException(
                $"The section {settings.Path} is not valid: {error.GetBaseException().Message.ReplaceLineEndings(" ")}", error);
        }

        // Not configurable, because the problem body-too-large states it.
        limits.MaxRequestBodySize = MaximumBodyLength;
    }

    private static void SetDefaults(KestrelServerLimits limits)
    {
        // Each takes some kilobytes and a file descriptor. Above any measured load, and below what would exhaust memory.
        limits.MaxConcurrentConnections = 10_000;
        // No route upgrades connections, and an upgraded connection would escape all other limits.
        limits.MaxConcurrentUpgradedConnections = 0;
        // The longest route has a pool name of 64 characters and a code. A code is read from at most 380 characters, each of up
        // to 9 bytes in the URL.
        limits.MaxRequestLineSize = 4 * 1024;
        // Room for an access key, an Idempotency-Key, and the headers of browsers and proxies.
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestHeaderCount = 64;
        // A client that sends headers byte by byte, or nothing, must not hold a connection for long.
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        // Otherwise one connection could have as many draws waiting as all connections together.
        limits.Http2.MaxStreamsPerConnection = 100;
    }
}
