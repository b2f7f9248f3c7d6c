using UniqueRandom.Codes;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage;

/// <summary>
/// The row of an added segment as stored. Any column may be damaged until <see cref="PoolRow.Validate"/> has succeeded.
/// </summary>
internal sealed record SegmentRow(
    long Minimum,
    long Maximum,
    bool IsComputed,
    byte[] StoredSeed,
    byte[] StoredCommitment,
    DateTimeOffset CreatedAt,
    bool IsReady,
    string? Key,
    string Caller)
{
    public PoolRange Range => new(Minimum, Maximum);

    public PoolOrder Order => IsComputed ? PoolOrder.Computed : PoolOrder.Stored;

    public Seed Seed => new(StoredSeed);

    public Commitment Commitment => new(StoredCommitment);

    /// <summary>Describes why the row is not a valid segment, as the end of a sentence; null if it is valid.</summary>
    /// <param name="minimum">Where it must begin.</param>
    /// <param name="code">The format of the codes of its pool.</param>
    public string? Validate(long minimum, CodeFormat? code)
    {
        if (Minimum != minimum)
            return $"its segment from {Minimum} does not continue the range before it.";
        if (PoolDefinition.Validate(Minimum, Maximum, Order, code) is { } error)
            return error;
        return PoolRow.IsCommitted(Range, Order, StoredSeed, StoredCommitment)
            ? null
            : $"the commitment of its segment from {Minimum} does not fit its seed and range.";
    }
}
