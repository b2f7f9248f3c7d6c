namespace UniqueRandom.Client.Models;

/// <summary>The last check of everything that a server has stored.</summary>
public sealed class CheckStatus
{
    /// <summary>Gets the state.</summary>
    public required OperationState State { get; init; }

    /// <summary>Gets when it started; <see langword="null"/> if there was none.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Gets when it ended; <see langword="null"/> while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Gets why it failed, as a sentence; <see langword="null"/> if it did not.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets how many numbers are checked.</summary>
    public required long Checked { get; init; }

    /// <summary>Gets how many numbers all pools have.</summary>
    public required long Total { get; init; }

    /// <summary>Gets the pools; <see langword="null"/> until it is done.</summary>
    public IReadOnlyList<DrawnPool>? Pools { get; init; }
}
