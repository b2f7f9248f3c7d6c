namespace UniqueRandom.Client.Models;

/// <summary>The last backup of a server.</summary>
public sealed class BackupStatus
{
    /// <summary>Gets the state.</summary>
    public required OperationState State { get; init; }

    /// <summary>Gets when it started; <see langword="null"/> if there was none.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Gets when it ended; <see langword="null"/> while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Gets why it failed, as a sentence; <see langword="null"/> if it did not.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets the name of the file in the server's directory; <see langword="null"/> until it is done.</summary>
    public string? File { get; init; }

    /// <summary>Gets the length of the file in bytes; <see langword="null"/> until it is done.</summary>
    public long? Bytes { get; init; }

    /// <summary>Gets the pools as they are in the file; <see langword="null"/> until it is done.</summary>
    public IReadOnlyList<DrawnPool>? Pools { get; init; }
}
