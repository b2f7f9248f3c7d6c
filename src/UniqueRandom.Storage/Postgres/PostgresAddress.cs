using System.Globalization;
using Npgsql;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>A connection string, checked, and with what this store depends on set in it.</summary>
internal static class PostgresAddress
{
    /// <summary>Connecting is given up after so many seconds: a host that is gone must not hold up the one that has taken over.</summary>
    public const int ConnectSeconds = 2;

    private const int ReadSeconds = 10;

    /// <summary>So many connections a node has at most, or a burst of reads would take all that PostgreSQL has.</summary>
    private const int MostConnections = 16;

    /// <summary>
    /// What the sessions of this store must have, whatever the server, the database or the user have by default. Waiting for a lock ends, because its holder may wait for
    /// a standby that is gone; a transaction whose node was frozen or cut off ends, because the others wait for it. No statement is
    /// ended by the server: ending a COMMIT that waits for a standby makes it a success. And the warning that says so must arrive.
    /// </summary>
    private const string SessionSettings =
        "-c statement_timeout=0 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=3000 -c idle_session_timeout=0 -c client_min_messages=warning -c jit=off";

    /// <summary>A connection string for each host.</summary>
    /// <exception cref="StoreRefusedException">The connection string can't be used.</exception>
    public static IReadOnlyList<NpgsqlConnectionStringBuilder> HostsOf(string connectionString)
    {
        var all = Parse(connectionString);
        if (string.IsNullOrWhiteSpace(all.Host))
            throw new StoreRefusedException("The connection string names no host; give it one, like Host=127.0.0.1.");
        if (all.TargetSessionAttributes?.ToLowerInvariant() is not (null or "any" or "primary" or "read-write"))
            throw new StoreRefusedException($"The connection string has Target Session Attributes={all.TargetSessionAttributes}, and draws need the primary; remove it.");

        var ports = all.Host.Split(',').Select(host => host.Trim());
        return [.. ports.Select(host => OfHost(all, host))];
    }

    /// <summary>The host, port and database, for the operator; never the password.</summary>
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
            // The message of the cause names the keyword and not its value, which may be a password.
            throw new StoreRefusedException($"The connection string can't be read: {error.Message.ReplaceLineEndings(" ")}", error);
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
            // Of what reads; what commits has none.
            CommandTimeout = Math.Min(all.CommandTimeout is 0 ? ReadSeconds : all.CommandTimeout, ReadSeconds),
            ApplicationName = all.ApplicationName ?? "UniqueRandom",
            Options = $"{all.Options} {SessionSettings}".Trim(),
            // What tells whether a COMMIT has failed or a statement before it.
            IncludeFailedBatchedCommand = true,
            MaxPoolSize = Math.Min(all.MaxPoolSize, MostConnections),
            // The statements of a batch are few, and always the same.
            MaxAutoPrepare = 40,
            AutoPrepareMinUsages = 2,
            // A host that has vanished is noticed on connections that wait for its answer.
            TcpKeepAlive = true,
            TcpKeepAliveTime = 5,
            TcpKeepAliveInterval = 1,
        };
        var colon = host.LastIndexOf(':');
        if (host.StartsWith('/') || colon < 0 || host.EndsWith(']') || (host.IndexOf(':', StringComparison.Ordinal) != colon && !host.StartsWith('[')))
            return one;
        if (!int.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
            throw new StoreRefusedException($"The connection string has the host '{host}', whose port is not 1 to 65535; correct it.");
        (one.Host, one.Port) = (host[..colon], port);
        return one;
    }
}
