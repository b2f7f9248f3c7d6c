namespace UniqueRandom.Server.Answers;

/// <summary>The body of the responses about the last backup. The operator knows the directory, so it has the name only.</summary>
internal sealed record BackupStatus(
    OperationState State,
    DateTime? StartedAt,
    DateTime? EndedAt,
    string? Reason,
    string? File,
    long? Bytes,
    IReadOnlyList<DrawnPool>? Pools);
