namespace UniqueRandom.Client.Models;

/// <summary>A pool in a backup or a check.</summary>
public sealed class DrawnPool
{
    /// <summary>Gets the name of the pool.</summary>
    public required string Pool { get; init; }

    /// <summary>Gets how many numbers the range has.</summary>
    public required long Size { get; init; }

    /// <summary>Gets the state.</summary>
    public required PoolState State { get; init; }

    /// <summary>Gets how many numbers are drawn.</summary>
    public required long Drawn { get; init; }
}
