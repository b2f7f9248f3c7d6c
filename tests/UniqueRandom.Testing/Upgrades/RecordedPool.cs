namespace UniqueRandom.Testing.Upgrades;

/// <summary>A pool as its status described it last.</summary>
/// <param name="Pool">The name.</param>
/// <param name="Minimum">The smallest number.</param>
/// <param name="Maximum">The largest number.</param>
/// <param name="State">The state.</param>
/// <param name="Drawn">How many numbers were drawn.</param>
/// <param name="Commitment">The commitment.</param>
/// <param name="Seed">The seed; null if it was not revealed.</param>
/// <param name="CreatedAt">The time of creation; null in versions without a status.</param>
/// <param name="ClosedAt">The time of the close, if any.</param>
/// <param name="Order">Whether the order is stored or computed. Earlier versions only stored it.</param>
/// <param name="Code">The format of the codes, if any.</param>
/// <param name="Segments">The segments. Earlier versions had no extensions.</param>
/// <param name="Imported">How many numbers were imported, if any.</param>
/// <param name="ImportedSha256">The hash of the imported numbers, if any.</param>
internal sealed record RecordedPool(
    string Pool,
    long Minimum,
    long Maximum,
    string State,
    long Drawn,
    string Commitment,
    string? Seed = null,
    DateTimeOffset? CreatedAt = null,
    DateTimeOffset? ClosedAt = null,
    string Order = "stored",
    RecordedCode? Code = null,
    RecordedSegment[]? Segments = null,
    long? Imported = null,
    string? ImportedSha256 = null);

/// <summary>A segment as a status described it.</summary>
internal sealed record RecordedSegment(
    long First, long Minimum, long Maximum, string Order, bool Ready, string Commitment, string? Seed, DateTimeOffset CreatedAt);

/// <summary>The format of codes as a status described it.</summary>
internal sealed record RecordedCode(string Alphabet, int Length, string Prefix, int Group, bool Check);
