namespace UniqueRandom.Server.Configuration;

/// <summary>One setting: its command-line switch, its configuration key, and what it is for. A flag has no value on the command line.</summary>
internal sealed record Switch(string Name, string Setting, string Description, bool IsFlag = false)
{
    public string Environment => Setting == "Urls" ? "ASPNETCORE_URLS" : Setting.Replace(":", "__", StringComparison.Ordinal);
}

/// <summary>All settings there are: the command line, its help and the check for unknown keys are made of this table.</summary>
internal static class Switches
{
    public static readonly Switch[] All =
    [
        new("--database", "UniqueRandom:Database", "The database file. Default: numbers.db in the current directory."),
        new("--minimum", "UniqueRandom:Minimum", "The smallest number of the pool 'default'. Default: 1."),
        new("--maximum", "UniqueRandom:Maximum", "The largest number of the pool 'default'. Default: 1000000."),
        new("--store", "UniqueRandom:Store", "Where pools live: sqlite, for one process, or postgres, for several. Default: sqlite."),
        new("--connection-string", "UniqueRandom:ConnectionString", "The PostgreSQL database of --store postgres, as Npgsql has it: Host=db1,db2;Database=numbers;Username=..."),
        new("--require-sync-standby", "UniqueRandom:RequireSyncStandby", "With --store postgres: draw only while a synchronous standby is connected.", IsFlag: true),
        new("--queue-capacity", "UniqueRandom:QueueCapacity", "How many draws may wait for the store, 1 to 1000000. Default: 10000."),
        new("--urls", "Urls", "Where to listen, separated by semicolons. Default: http://127.0.0.1:8000."),
        new("--requests-per-second", "UniqueRandom:RequestsPerSecond", "How many requests each key may make a second, 1 to 1000000. Default: 1000."),
        new("--known-proxies", "UniqueRandom:KnownProxies",
            "The addresses or networks of proxies that tell a client's address in X-Forwarded-For, separated by commas. Default: none."),
        new("--allowed-hosts", "AllowedHosts",
            "The names that are answered in the header Host, like numbers.example.com or *.example.com, separated by semicolons."),
        new("--allow-anonymous", "UniqueRandom:AllowAnonymous", "Serve other addresses than this machine's own without keys: whoever reaches the server can draw.", IsFlag: true),
    ];
}
