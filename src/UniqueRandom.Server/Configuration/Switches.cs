namespace UniqueRandom.Server.Configuration;

/// <summary>
/// A setting: its switch, its configuration key and its help. On the command line a flag has no value, and some values can be
/// omitted.
/// </summary>
internal sealed record Switch(
    string Name, string Setting, string Description, bool IsFlag = false, bool HasOptionalValue = false)
{
    public string Environment => Setting == "Urls" ? "ASPNETCORE_URLS" : Setting.Replace(":", "__", StringComparison.Ordinal);
}

/// <summary>All settings, for the command line, its help and the check for unknown keys.</summary>
internal static class Switches
{
    public static readonly Switch[] All =
    [
        new("--database", "UniqueRandom:Database", "The SQLite database file. Default: numbers.db in the current directory."),
        new("--mark", "UniqueRandom:Mark",
            "The high-water mark, better on another disk than the database. Default: the database and .mark, or numbers.mark."),
        new("--resume-after-restore", "UniqueRandom:ResumeAfterRestore",
            "Serve an old copy of the database: give up the numbers up to the mark, or up to POOL=COUNT,...",
            HasOptionalValue: true),
        new("--backup-directory", "UniqueRandom:BackupDirectory",
            "Where POST /backup writes copies of the SQLite database. Default: none, and it is refused."),
        new("--minimum", "UniqueRandom:Minimum", "The smallest number of the pool 'default'. Default: 1."),
        new("--maximum", "UniqueRandom:Maximum", "The largest number of the pool 'default'. Default: 1000000."),
        new("--store", "UniqueRandom:Store",
            "Where pools are stored: sqlite for one server process, postgres for several. Default: sqlite."),
        new("--connection-string", "UniqueRandom:ConnectionString",
            "The Npgsql connection string for --store postgres: Host=db1,db2;Database=numbers;Username=..."),
        new("--require-sync-standby", "UniqueRandom:RequireSyncStandby",
            "With --store postgres: draw only while a synchronous standby is connected.", IsFlag: true),
        new("--queue-capacity", "UniqueRandom:QueueCapacity",
            "How many draws can wait for the store, 1 to 1000000. Default: 10000."),
        new("--urls", "Urls", "The addresses to listen on, separated by semicolons. Default: http://127.0.0.1:8000."),
        new("--redis-urls", "UniqueRandom:RedisUrls",
            "The addresses for the Redis protocol, without TLS, like 127.0.0.1:6379, separated by semicolons. Default: none."),
        new("--metrics-urls", "UniqueRandom:MetricsUrls",
            "The addresses that serve /metrics and nothing else, separated by semicolons. Default: --urls serve it."),
        new("--requests-per-second", "UniqueRandom:RequestsPerSecond",
            "The rate limit of each key, 1 to 1000000 requests per second. Default: 1000."),
        new("--wrong-codes-per-minute", "UniqueRandom:WrongCodesPerMinute",
            "How many wrong codes a key or a client address may look up per minute, and how many look-ups it may have at once, "
                + "1 to 1000000. Default: 20."),
        new("--known-proxies", "UniqueRandom:KnownProxies",
            "The addresses or networks of proxies whose X-Forwarded-For is trusted, separated by commas. Default: none."),
        new("--allowed-hosts", "AllowedHosts",
            "The host names to answer, like numbers.example.com or *.example.com, separated by semicolons."),
        new("--allow-anonymous", "UniqueRandom:AllowAnonymous",
            "Serve addresses other than loopback without keys: anyone who can reach the server can draw.", IsFlag: true),
    ];
}
