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

    public static readonly int[] Connections = [1, 64, 256];

    public static readonly double[] Levels = [0, 50, 90, 99, 99.9];

    public required FileSystem FileSystem { get; init; }

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
}
