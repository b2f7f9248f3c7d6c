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
    /// <summary>Gets the segments that were added, by position.</summary>
    public IReadOnlyList<SegmentRow> Extensions { get; init; } = [];

    /// <summary>How many numbers were imported; null for none.</summary>
    public long? ImportedCount { get; init; }

    /// <summary>The hash of the imported numbers; null for none.</summary>
    public string? ImportedSha256 { get; init; }

    public ImportedList? Imported => ImportedCount is { } count ? new ImportedList(count, ImportedSha256 ?? "") : null;

    /// <summary>
    /// Whether the imported numbers are not all stored. Then they are lost, and the pool is removed: its cursor is moved behind
    /// them when they are stored.
    /// </summary>
    public bool IsIncomplete => State == PoolState.Seeding && Cursor < ImportedCount;

    public PoolDefinition Definition => new(Name, new PoolRange(Minimum, Maximum), Order, Code);

    /// <summary>Gets the pool as it was created.</summary>
    public PoolDefinition Created => Definition with { Range = new PoolRange(Minimum, FirstMaximum) };

    private long FirstMaximum => Extensions.Count == 0 ? Maximum : Extensions[0].Minimum - 1;

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
        if ((PoolDefinition.Validate(Minimum, FirstMaximum, Order, Code) ?? PoolRange.Validate(Minimum, Maximum)) is { } error)
            return error;
        if (Cursor < 0 || Cursor > Definition.Range.Size)
            return $"its cursor {Cursor} is outside of the pool.";
        if (!IsCommitted(Created.Range, Order, StoredSeed, StoredCommitment, Imported))
            return "its commitment does not fit its seed and range.";
        if (State != PoolState.Seeding && Cursor < ImportedCount)
            return $"its cursor {Cursor} is within its {ImportedCount} imported numbers.";
        if (ValidateExtensions() is { } fault)
            return fault;
        return State is PoolState.Seeding or PoolState.Open or PoolState.Closed ? null : $"its state {StoredState} is unknown.";
    }

    /// <summary>Whether a commitment is the one to a seed, a range, a kind of order and imported numbers.</summary>
    public static bool IsCommitted(
        PoolRange range, PoolOrder order, byte[] seed, byte[] commitment, ImportedList? imported = null) =>
        seed.Length == Seed.Length && commitment.Length == Commitment.Length
        && Commitment.To(new Seed(seed), range, order, imported).Equals(new Commitment(commitment));

    private string? ValidateExtensions()
    {
        var end = FirstMaximum;
        for (var i = 0; i < Extensions.Count; i++)
        {
            var row = Extensions[i];
            if (row.Validate(end + 1, Code) is { } error)
                return error;
            if (row.IsReady)
                end = row.Maximum;
            else if (i < Extensions.Count - 1 || State == PoolState.Seeding)
                return $"its segment from {row.Minimum} is not ready, and is not the last one.";
        }

        return end == Maximum ? null : $"its segments end at {end}, and its maximum is {Maximum}.";
    }
}
