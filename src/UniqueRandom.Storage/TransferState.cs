using System.Globalization;

namespace UniqueRandom.Storage;

/// <summary>
/// The transfer that a database is an end of. No server draws from a source whose pools have moved, nor from an unfinished
/// target. A finished target has no state.
/// </summary>
/// <param name="Id">Identifies this run of the transfer, so that the source is finished with the target it was copied to.</param>
/// <param name="MovedTo">Where the pools of a source are, without secrets; null in a target.</param>
/// <param name="MovedAt">Since when they are there; null in a target.</param>
internal sealed record TransferState(Guid Id, string? MovedTo = null, DateTimeOffset? MovedAt = null)
{
    /// <summary>Gets why no server draws from the database: a sentence without its subject.</summary>
    public string Reason => MovedTo is null
        ? "holds a transfer that was not finished, so no server draws from it; run the transfer again."
        : string.Create(
            CultureInfo.InvariantCulture, $"has moved its pools to {MovedTo}, at {MovedAt:u}; draw from there.");
}
