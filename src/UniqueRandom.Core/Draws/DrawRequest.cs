namespace UniqueRandom.Draws;

/// <summary>What a caller asks for: a run of numbers of one pool.</summary>
/// <param name="Pool">The name of the pool.</param>
/// <param name="Count">How many numbers, 1 to <see cref="MaximumCount"/>; all of them or none. Default 1.</param>
/// <param name="Reference">The caller's own label, kept in the draw log. Default none.</param>
/// <param name="Key">
/// The Idempotency-Key: a caller that draws again with the same one is given the same numbers again. See
/// <see cref="IdempotencyKey"/>. Default none: every draw is a new one.
/// </param>
/// <param name="Caller">Who asks, by the name of the access key; kept in the draw log. Null, or empty, when nobody was asked for one.</param>
public readonly record struct DrawRequest(string Pool, int Count = 1, string? Reference = null, string? Key = null, string? Caller = null)
{
    /// <summary>The most numbers one draw can take.</summary>
    public const int MaximumCount = 10_000;

    /// <summary>Who asks; never empty, so that nobody is the same caller wherever callers are told apart.</summary>
    public string? Caller { get; } = Caller is "" ? null : Caller;

    /// <summary>Whether this draw asks for the very thing that another draw with the same key asked for.</summary>
    public bool AsksLike(in DrawRequest other) => Pool == other.Pool && Count == other.Count && Reference == other.Reference;
}
