namespace UniqueRandom.Draws;

/// <summary>What a caller asks for: a run of numbers of one pool.</summary>
/// <param name="Pool">The name of the pool.</param>
/// <param name="Count">How many numbers, 1 to <see cref="MaximumCount"/>; all of them or none. Default 1.</param>
/// <param name="Reference">The caller's own label, kept in the draw log. Default none.</param>
public readonly record struct DrawRequest(string Pool, int Count = 1, string? Reference = null)
{
    /// <summary>The most numbers one draw can take.</summary>
    public const int MaximumCount = 10_000;
}
