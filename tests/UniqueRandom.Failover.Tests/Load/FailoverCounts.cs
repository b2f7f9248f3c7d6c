namespace UniqueRandom.Failover.Tests.Load;

/// <summary>What became of the draws of a load, none of which was repeated or lost.</summary>
internal sealed record FailoverCounts
{
    /// <summary>Gets the count of answered draws without a key.</summary>
    public required int Unkeyed { get; init; }

    /// <summary>Gets the count of answered keys.</summary>
    public required int Keys { get; init; }

    /// <summary>Gets the count of keys that only replays answered.</summary>
    public required int Resolved { get; init; }

    public required int Replays { get; init; }

    public required int InDoubt { get; init; }

    public required int Unavailable { get; init; }

    public required int Unanswered { get; init; }

    /// <summary>Gets the count of numbers that were answered.</summary>
    public required int Acknowledged { get; init; }

    /// <summary>Gets the count of numbers that are recorded as drawn, and whose answers were lost.</summary>
    public required int Burned { get; init; }

    public override string ToString() =>
        $"{Unkeyed} unkeyed, {Keys} keys ({Resolved} resolved), {Replays} replays; {InDoubt} in doubt, "
        + $"{Unavailable} unavailable, {Unanswered} unanswered; {Burned} burned";
}
