using System.Reflection;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace UniqueRandom.Server.Configuration;

/// <summary>What one client can take of the server. Kestrel's defaults are made for uploads and pages; here requests are tiny.</summary>
internal static class HttpLimits
{
    /// <summary>In bytes. A draw's body has a count and a reference of at most 255 characters.</summary>
    public const int MaximumBodyLength = 16 * 1024;

    /// <summary>Sets the limits, and over them what an operator has set.</summary>
    /// <exception cref="StartException">The operator has set what is no limit.</exception>
    public static void Apply(KestrelServerLimits limits, IConfigurationSection settings)
    {
        SetOwn(limits);
        try
        {
            settings.Bind(limits, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (Exception error) when (error is InvalidOperationException or TargetInvocationException)
        {
            throw new StartException($"The settings of the section {settings.Path} can't be used: {error.GetBaseException().Message.ReplaceLineEndings(" ")}", error);
        }

        // Not for an operator to change: problems name it.
        limits.MaxRequestBodySize = MaximumBodyLength;
    }

    private static void SetOwn(KestrelServerLimits limits)
    {
        // Each takes some kilobytes and a file descriptor: more than any measured load, and less than would take all memory.
        limits.MaxConcurrentConnections = 10_000;
        // Nothing here is upgraded; an upgraded connection would escape all other limits.
        limits.MaxConcurrentUpgradedConnections = 0;
        // The longest route has a name of 64 characters and a number.
        limits.MaxRequestLineSize = 4 * 1024;
        // Room for what browsers and proxies add to a key and an idempotency key.
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestHeaderCount = 64;
        // Whoever sends the headers byte by byte, or nothing at all, must not hold a connection for long.
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        // Or one connection could have as many draws waiting as all connections together.
        limits.Http2.MaxStreamsPerConnection = 100;
    }
}
