using System.Diagnostics;

namespace UniqueRandom.Draws;

/// <summary>
/// The keys used in one batch, so that a retry finds a first draw of the same batch before it is stored. The same for every
/// store; not thread-safe, and reused from batch to batch.
/// </summary>
public sealed class BatchKeys
{
    private readonly Dictionary<(string? Caller, string Key), (DrawRequest Request, DrawOutcome Outcome)> drawn = [];

    /// <summary>Removes the keys of the previous batch.</summary>
    public void Clear()
    {
        if (drawn.Count > 0)
            drawn.Clear();
    }

    /// <summary>Adds a draw that took numbers under its key.</summary>
    public void Add(in DrawRequest request, in DrawOutcome outcome)
    {
        Debug.Assert(request.Key is not null && outcome.Kind == DrawOutcomeKind.Drawn, "Only a draw with a key can be repeated.");
        drawn.Add((request.Caller, request.Key), (request, outcome));
    }

    /// <summary>Gets the outcome of a draw whose key was used earlier in this batch.</summary>
    /// <param name="request">A draw with a key.</param>
    /// <param name="outcome">The same numbers, or <see cref="DrawOutcomeKind.KeyConflict"/>.</param>
    /// <returns>Whether the key was used.</returns>
    public bool TryReplay(in DrawRequest request, out DrawOutcome outcome)
    {
        Debug.Assert(request.Key is not null, "Only a draw with a key can be repeated.");
        var isUsed = drawn.TryGetValue((request.Caller, request.Key), out var first);
        outcome = !isUsed ? default : request.IsSameDraw(first.Request) ? first.Outcome.ToReplay() : DrawOutcome.KeyConflict;
        return isUsed;
    }
}
