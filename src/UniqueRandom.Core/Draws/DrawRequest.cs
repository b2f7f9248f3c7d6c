namespace UniqueRandom.Draws;

/// <summary>A request to draw numbers at consecutive positions of one pool.</summary>
/// <param name="Pool">The name of the pool.</param>
/// <param name="Count">How many numbers, 1 to <see cref="MaximumCount"/>; all of them or none. Default 1.</param>
/// <param name="Reference">The caller's label, kept in the draw log. Default none.</param>
/// <param name="Key">
/// The Idempotency-Key: a caller that draws again with the same key gets the same numbers. See <see cref="IdempotencyKey"/>.
/// Default none: every draw is a new one.
/// </param>
/// <param name="Caller">The name of the caller's access key, kept in the draw log. Null or empty without one.</param>
public readonly record struct DrawRequest(
    string Pool, int Count = 1, string? Reference = null, string? Key = null, string? Caller = null)
{
    /// <summary>The largest count of one draw: 10,000.</summary>
    public const int MaximumCount = 10_000;

    /// <summary>The name of the caller's access key; null without one, never empty, so that callers compare equal.</summary>
    public string? Caller { get; } = Caller is "" ? null : Caller;

    /// <summary>Throws if the request breaks a rule.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is not within 1 to <see cref="MaximumCount"/>.</exception>
    /// <exception cref="ArgumentException">The key or the reference is not valid.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Count, MaximumCount);
        if ((Key is not null && !IdempotencyKey.IsValid(Key)) || (Reference is not null && !Draws.Reference.IsValid(Reference)))
            throw new ArgumentException("The key or the reference is not valid.");
    }

    /// <summary>Whether another draw with the same key asks for the same pool, count and reference.</summary>
    public bool IsSameDraw(in DrawRequest other) => Pool == other.Pool && Count == other.Count && Reference == other.Reference;
}
