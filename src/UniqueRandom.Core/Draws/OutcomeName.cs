namespace UniqueRandom.Draws;

/// <summary>The names of outcomes in metrics and traces.</summary>
internal static class OutcomeName
{
    public static string Of(in DrawOutcome outcome) => outcome.Kind switch
    {
        DrawOutcomeKind.Drawn => outcome.IsReplayed ? "replayed" : "drawn",
        DrawOutcomeKind.Exhausted => "exhausted",
        DrawOutcomeKind.PoolNotFound => "pool_not_found",
        DrawOutcomeKind.PoolClosed => "pool_closed",
        DrawOutcomeKind.PoolSeeding => "pool_seeding",
        DrawOutcomeKind.KeyConflict => "key_conflict",
        DrawOutcomeKind.QueueFull => "queue_full",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome.Kind, "The outcome has no name."),
    };
}
