using UniqueRandom.Benchmarks.Disk;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>All that a measurement has found.</summary>
internal sealed class Results
{
    /// <summary>The numbers of the pool that /random draws from, and of the rival's empty table.</summary>
    public const int LargeSize = 100_000_000;

    /// <summary>The numbers of the pool that a server has unless it is told otherwise.</summary>
    public const int DefaultSize = 1_000_000;

    /// <summary>The numbers of the rival's table where some of them are handed out already.</summary>
    public const int LevelSize = 10_000_000;

    /// <summary>The numbers of the pool that is seeded while others draw.</summary>
    public const int SeededSize = 50_000_000;

    public static readonly int[] Connections = [1, 64, 256];

    public static readonly int[] BuildConnections = [64, 256];

    public static readonly double[] Levels = [0, 50, 90, 99, 99.9];

    public required FileSystem FileSystem { get; init; }

    /// <summary>The build that /random is compared with; null for none.</summary>
    public EarlierBuild? Earlier { get; init; }

    public Dictionary<int, LoadSeries> Bare { get; } = Connections.ToDictionary(connections => connections, _ => new LoadSeries());

    public Dictionary<int, LoadSeries> Random { get; } = Connections.ToDictionary(connections => connections, _ => new LoadSeries());

    public Dictionary<int, LoadSeries> Empty { get; } = Connections.ToDictionary(connections => connections, _ => new LoadSeries());

    /// <summary>The rival 99.9 per cent full, at 64 connections.</summary>
    public LoadSeries Full { get; } = new();

    /// <summary>How many numbers the rival had left when a round of <see cref="Full"/> began and ended.</summary>
    public (Series Before, Series After) FullLeft { get; } = (new(), new());

    /// <summary>Durable one-row commits a second.</summary>
    public Series Commits { get; } = new();

    public LoadSeries FirstPercent { get; } = new();

    public LoadSeries LastPercent { get; } = new();

    /// <summary>p50 at one connection by per cent drawn, of /random and of the rival.</summary>
    public List<(double Level, LoadSeries Random, LoadSeries Rival)> ByLevel { get; } = [];

    /// <summary>Milliseconds to shuffle and store <see cref="DefaultSize"/> numbers, in a process that has done it before.</summary>
    public Series Seeding { get; } = new();

    /// <summary>Seconds from a first start with <see cref="LargeSize"/> numbers to its first answer.</summary>
    public Series LargeFirstStart { get; } = new();

    public Series LargePeakMemory { get; } = new();

    public Series ResidentMemory { get; } = new();

    public Series LargeResidentMemory { get; } = new();

    /// <summary>Seconds from a start on an empty directory to the first answered draw.</summary>
    public Series FirstStart { get; } = new();

    public Series Restart { get; } = new();

    public Dictionary<int, LoadSeries> BuildNow { get; } = BuildConnections.ToDictionary(connections => connections, _ => new LoadSeries());

    public Dictionary<int, LoadSeries> BuildEarlier { get; } = BuildConnections.ToDictionary(connections => connections, _ => new LoadSeries());

    /// <summary>Draws of one number by POST and by GET, without a key and with a fresh one, all by the same script.</summary>
    public LoadSeries Post { get; } = new();

    public LoadSeries PostKeyed { get; } = new();

    public LoadSeries Get { get; } = new();

    public LoadSeries GetKeyed { get; } = new();

    /// <summary>Always the same key, so that nothing is drawn.</summary>
    public LoadSeries Replays { get; } = new();

    public LoadSeries Batches { get; } = new();

    /// <summary>/random while another pool is being seeded, and in the same rounds while none is.</summary>
    public LoadSeries WhileSeeding { get; } = new();

    public LoadSeries AtRest { get; } = new();

    /// <summary>Milliseconds to look up the number drawn last, in a nearly exhausted pool of <see cref="DefaultSize"/> and of <see cref="LargeSize"/>.</summary>
    public Series LookUp { get; } = new();

    public Series LargeLookUp { get; } = new();

    /// <summary>Numbers a second of the draw log.</summary>
    public Series ExportRate { get; } = new();

    public LoadSeries WhileExporting { get; } = new();

    public LoadSeries NoExport { get; } = new();

    public PostgresResults Postgres { get; } = new();
}
