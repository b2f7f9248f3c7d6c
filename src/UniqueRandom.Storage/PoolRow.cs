using UniqueRandom.Codes;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage;

/// <summary>The row of a pool as stored. Any column may be damaged until <see cref="Validate"/> has succeeded.</summary>
internal sealed record PoolRow(
    long Id,
    string Name,
    long Minimum,
    long Maximum,
    bool IsComputed,
    string? StoredCode,
    int StoredState,
    long Cursor,
    byte[] StoredSeed,
    byte[] StoredCommitment)
{
    public PoolDefinition Definition => new(Name, new PoolRange(Minimum, Maximum), Order, Code);

    public PoolOrder Order => IsComputed ? PoolOrder.Computed : PoolOrder.Stored;

    public CodeFormat? Code => StoredCode is null ? null : CodeFormat.Parse(StoredCode);

    public PoolState State => (PoolState)StoredState;

    public Seed Seed => new(StoredSeed);

    public Commitment Commitment => new(StoredCommitment);

    /// <summary>Describes why the row is not a valid pool, as the end of a sentence; null if it is valid.</summary>
    public string? Validate()
    {
        if (StoredCode is not null && Code is null)
            return $"its format of codes '{StoredCode}' is unknown.";
        if (PoolDefinition.Validate(Minimum, Maximum, Order, Code) is { } error)
            return error;
        if (Cursor < 0 || Cursor > Definition.Range.Size)
            return $"its cursor {Cursor} is outside of the pool.";
        if (StoredSeed.Length != Seed.Length || StoredCommitment.Length != Commitment.Length
            || !Commitment.To(Seed, Definition.Range, Order).Equals(Commitment))
            return "its commitment does not fit its seed and range.";
        return State is PoolState.Seeding or PoolState.Open or PoolState.Closed ? null : $"its state {StoredState} is unknown.";
    }
}
