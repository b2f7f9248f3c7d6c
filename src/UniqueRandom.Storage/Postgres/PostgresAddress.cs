using System.Globalization;
using System.Net;
using Npgsql;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>Validates a connection string and adds the settings that the store depends on.</summary>
internal static class PostgresAddress
{
    /// <summary>The connect timeout in seconds. A host that is gone must not delay the one that takes over.</summary>
    public const int ConnectSeconds = 2;

    /// <summary>How many reads may use a connection to a host at once.</summary>
    public const int MaximumReads = 8;

    /// <summary>How many sessions a host may have at once, including abandoned ones that have not ended yet.</summary>
    public const int MaximumSessions = 8;

    // One is needed. Earlier ones may still wait for a host that is frozen.
    private const int MaximumIdentifications = 4;

    private const int ReadSeconds = 10;

    /// <summary>
    /// The settings that every session needs, independent of the defaults of the server, the database and the user. Lock waits
    /// are limited because the holder may wait for a standby that is gone. Idle transactions are ended because a frozen node
    /// would block the others. The server must not cancel statements: a COMMIT that is canceled while it waits for a standby
    /// succeeds with a warning, and that warning must arrive.
    /// </summary>
    private const string SessionSettings =
        "-c statement_timeout=0 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=3000 -c idle_session_timeout=0 "
        + "-c client_min_messages=warning -c jit=off";

    /// <summary>Gets a connection string for each host.</summary>
    /// <exception cref="StoreRefusedException">The connection string is invalid.</exception>
    public static IReadOnlyList<NpgsqlConnectionStringBuilder> HostsOf(string connectionString)
    {
        var all = Parse(connectionString);
        if (string.IsNullOrWhiteSpace(all.Host))
            throw new StoreRefusedException("The connection string names no host; give it one, like Host=127.0.0.1.");
        if (all.TargetSessionAttributes?.ToLowerInvariant() is not (null or "any" or "primary" or "read-write"))
        {
            throw new StoreRefusedException(
                $"The connection string has Target Session Attributes={all.TargetSessionAttributes}, and draws need the primary; "
                + "remove it.");
        }

        // Npgsql refuses only a port below 1.
        if (all.Port > IPEndPoint.MaxPort)
            throw new StoreRefusedException($"The connection string has Port={all.Port}, which is not 1 to 65535; correct it.");
        return [.. all.Host.Split(',').Select(host => OfHost(all, host.Trim()))];
    }

    /// <summary>Gets the connection string of the connections that identify a host.</summary>
    /// <remarks>
    /// They have a separate connection pool, because sessions that wait for a standby may exhaust the other one.
    /// </remarks>
    public static NpgsqlConnectionStringBuilder ForIdentification(NpgsqlConnectionStringBuilder host) =>
        new(host.ConnectionString) { MinPoolSize = 0, MaxPoolSize = MaximumIdentifications, CommandTimeout = ConnectSeconds };

    /// <summary>Gets the hosts, ports and the database for the operator, without the password.</summary>
    public static string Describe(string connectionString)
    {
        var hosts = HostsOf(connectionString);
        return $"PostgreSQL {string.Join(", ", hosts.Select(Name))}, database {hosts[0].Database ?? hosts[0].Username}";
    }

    public static string Name(NpgsqlConnectionStringBuilder host) =>
        host.Host!.StartsWith('/') ? host.Host : string.Create(CultureInfo.InvariantCulture, $"{host.Host}:{host.Port}");

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or KeyNotFoundException)
        {
            // The message names the keyword, not its value, which may be a password. Without '=', the keyword has the value, too,
            // and reaches into the next setting.
            var reason = error.Message.Contains(';') ? "a setting has no '='." : error.Message.ReplaceLineEndings(" ");
            throw new StoreRefusedException($"The connection string can't be read: {reason}");
        }
    }

    private static NpgsqlConnectionStringBuilder OfHost(NpgsqlConnectionStringBuilder all, string host)
    {
        var one = new NpgsqlConnectionStringBuilder(all.ConnectionString)
        {
            Host = host,
            TargetSessionAttributes = null,
            LoadBalanceHosts = false,
            Multiplexing = false,
            Enlist = false,
            Timeout = Math.Min(all.Timeout is 0 ? ConnectSeconds : all.Timeout, ConnectSeconds),
            // For reads only. Commits have no timeout.
            CommandTimeout = Math.Min(all.CommandTimeout is 0 ? ReadSeconds : all.CommandTimeout, ReadSeconds),
            ApplicationName = all.ApplicationName ?? "UniqueRandom",
            Options = $"{all.Options} {SessionSettings}".Trim(),
            // Shows whether COMMIT or a statement before it has failed.
            IncludeFailedBatchedCommand = true,
            MaxPoolSize = Math.Min(all.MaxPoolSize, MaximumReads + MaximumSessions),
            // A batch uses few statements, and always the same ones.
            MaxAutoPrepare = 40,
            AutoPrepareMinUsages = 2,
            // Detects a host that has vanished while a connection waits for its answer.
            TcpKeepAlive = true,
            TcpKeepAliveTime = 5,
            TcpKeepAliveInterval = 1,
        };
        var colon = host.LastIndexOf(':');
        var isBareIPv6 = host.IndexOf(':', StringComparison.Ordinal) != colon && !host.StartsWith('[');
        if (host.StartsWith('/') || colon < 0 || host.EndsWith(']') || isBareIPv6)
            return one;
        var isPort = int.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port);
        if (!isPort || port is < 1 or > 65535)
        {
            throw new StoreRefusedException(
                $"The connection string has the host '{host}', whose port is not 1 to 65535; correct it.");
        }

        (one.Host, one.Port) = (host[..colon], port);
        return one;
    }
}
