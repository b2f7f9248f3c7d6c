namespace UniqueRandom.Client.Models;

/// <summary>Drawn numbers at evenly spaced positions of a pool.</summary>
public sealed class NumberSample
{
    /// <summary>Gets the name of the pool.</summary>
    public required string Pool { get; init; }

    /// <summary>Gets how many numbers were drawn when the sample was taken.</summary>
    public required long Drawn { get; init; }

    /// <summary>Gets the 0-based positions, ascending.</summary>
    public required IReadOnlyList<long> Positions { get; init; }

    /// <summary>Gets the number at each of the positions.</summary>
    public required IReadOnlyList<long> Numbers { get; init; }
}
