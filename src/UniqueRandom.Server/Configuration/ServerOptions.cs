using System.Net;
using UniqueRandom.Pools;
using UniqueRandom.Queueing;

namespace UniqueRandom.Server.Configuration;

/// <summary>
/// The validated settings. Precedence: switch, environment variable, credential, appsettings.json in the current directory,
/// appsettings.json in the program's directory.
/// </summary>
internal sealed record ServerOptions
{
    public const string Section = "UniqueRandom";

    /// <summary>Where pools are stored. Default: the SQLite file <c>numbers.db</c> in the current directory.</summary>
    public required StoreSettings Store { get; init; }

    /// <summary>Where backups are written. Default: null, and they are refused.</summary>
    public string? BackupDirectory { get; init; }

    /// <summary>The range of the pool <c>default</c>. Default: 1..1000000.</summary>
    public required PoolRange Range { get; init; }

    /// <summary>How many draws can wait for the store, 1 to 1000000. Default: 10000.</summary>
    public required DrawQueueOptions Queue { get; init; }

    /// <summary>The addresses to listen on, separated by semicolons. Default: <c>http://127.0.0.1:8000</c>.</summary>
    public required string Urls { get; init; }

    /// <summary>The addresses that serve metrics and nothing else. Default none: <c>Urls</c> serve them.</summary>
    public required IReadOnlyList<string> MetricsUrls { get; init; }

    /// <summary>The addresses that the Redis protocol is served on. Default none.</summary>
    public required IReadOnlyList<EndPoint> RedisEndpoints { get; init; }

    /// <summary>Reads and validates the configuration.</summary>
    /// <exception cref="StartException">A setting is unknown or has an invalid value.</exception>
    public static ServerOptions From(IConfiguration configuration)
    {
        var settings = new Settings(configuration);
        settings.RefuseUnknown();

        var store = StoreSettings.Read(settings);
        var (minimum, maximum) = (settings.Integer("Minimum", 1), settings.Integer("Maximum", 1_000_000));
        if (PoolDefinition.Validate(minimum, maximum, PoolOrder.Stored) is { } error)
            throw new StartException($"--minimum and --maximum are not a valid range: {error}");

        return new ServerOptions
        {
            Store = store,
            BackupDirectory = ReadBackupDirectory(settings),
            Range = new PoolRange(minimum, maximum),
            Queue = new DrawQueueOptions { Capacity = (int)settings.Integer("QueueCapacity", 10_000, 1, 1_000_000) },
            Urls = ListenAddresses.Read(configuration),
            MetricsUrls = MetricsAddresses.Read(configuration),
            RedisEndpoints = RedisAddresses.Read(configuration),
        };
    }

    private static string? ReadBackupDirectory(Settings settings)
    {
        const string key = "BackupDirectory";
        var directory = settings.OptionalText(key);
        return directory is null || Directory.Exists(directory)
            ? directory
            : throw settings.Refused(key, "must be a directory that exists");
    }
}
