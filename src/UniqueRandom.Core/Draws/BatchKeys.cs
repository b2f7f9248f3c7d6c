using System.Diagnostics;

namespace UniqueRandom.Draws;

/// <summary>
/// The keys of a batch at hand, so that retries that share a batch with their first draw find it before it is stored. Pure bookkeeping, the
/// same for every store; not thread-safe, and reused from batch to batch.
/// </summary>
public sealed class BatchKeys
{
    private readonly Dictionary<(string? Caller, string Key), (DrawRequest Request, DrawOutcome Outcome)> drawn = [];

    /// <summary>Forgets the batch before.</summary>
    public void Clear()
    {
        if (drawn.Count > 0)
            drawn.Clear();
    }

    /// <summary>Keeps a draw that took numbers under its key.</summary>
    public void Add(in DrawRequest request, in DrawOutcome outcome)
    {
        Debug.Assert(request.Key is not null && outcome.Kind == DrawOutcomeKind.Drawn, "Only a draw with a key can be asked for again.");
        drawn.Add((request.Caller, request.Key), (request, outcome));
    }

    /// <summary>Answers a draw whose key was used earlier in this batch.</summary>
    /// <param name="request">A draw with a key.</param>
    /// <param name="outcome">The same numbers again, or <see cref="DrawOutcomeKind.KeyConflict"/>.</param>
    /// <returns>Whether the key was used.</returns>
    public bool TryReplay(in DrawRequest request, out DrawOutcome outcome)
    {
        Debug.Assert(request.Key is not null, "Only a draw with a key can be asked for again.");
        var isUsed = drawn.TryGetValue((request.Caller, request.Key), out var first);
        outcome = !isUsed ? default : request.AsksLike(first.Request) ? first.Outcome.AsReplayed() : DrawOutcome.KeyConflict;
        return isUsed;
    }
}
