namespace UniqueRandom.Testing.Upgrades;

/// <summary>A draw as it was answered.</summary>
/// <param name="Pool">The name of the pool.</param>
/// <param name="First">The position of the first number.</param>
/// <param name="Count">How many numbers were drawn.</param>
/// <param name="Numbers">The numbers.</param>
/// <param name="DrawnAt">The time; null if the answer had none.</param>
/// <param name="Reference">The reference, if any.</param>
/// <param name="Key">The key, if any.</param>
/// <param name="Caller">The caller, if any.</param>
internal sealed record RecordedDraw(
    string Pool,
    long First,
    int Count,
    long[] Numbers,
    DateTimeOffset? DrawnAt = null,
    string? Reference = null,
    string? Key = null,
    string? Caller = null);
