namespace UniqueRandom.Server.Answers;

/// <summary>The body of the responses about the last check.</summary>
internal sealed record CheckStatus(
    OperationState State,
    DateTime? StartedAt,
    DateTime? EndedAt,
    string? Reason,
    long Checked,
    long Total,
    IReadOnlyList<DrawnPool>? Pools);
