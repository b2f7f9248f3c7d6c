using Microsoft.AspNetCore.Http.HttpResults;
using UniqueRandom.Draws;
using UniqueRandom.Pools;

namespace UniqueRandom.Server.Problems;

/// <summary>The problems of draws that took nothing.</summary>
internal static class DrawProblem
{
    public static ProblemHttpResult Of(in DrawOutcome outcome, string pool) => outcome.Kind switch
    {
        DrawOutcomeKind.Exhausted => Problem.PoolExhausted(pool, outcome.Pool!.Range.Size, outcome.Remaining),
        DrawOutcomeKind.PoolNotFound => Problem.PoolNotFound(pool),
        DrawOutcomeKind.PoolClosed => Problem.PoolClosed(pool),
        DrawOutcomeKind.PoolSeeding => Problem.PoolSeeding(pool),
        DrawOutcomeKind.KeyConflict => Problem.KeyConflict(),
        DrawOutcomeKind.QueueFull => Problem.QueueFull(),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome.Kind, "The outcome is not a refusal."),
    };

    /// <summary>Returns the problem of a draw from a pool in this state; null if it has numbers to draw.</summary>
    /// <param name="name">The name that the client gave.</param>
    /// <param name="pool">The pool; null if there is none of this name.</param>
    public static ProblemHttpResult? Of(string name, Pool? pool) => pool?.State switch
    {
        null => Problem.PoolNotFound(name),
        PoolState.Seeding => Problem.PoolSeeding(name),
        PoolState.Closed => Problem.PoolClosed(name),
        PoolState.Exhausted => Problem.PoolExhausted(name, pool.Definition.Range.Size, pool.Remaining),
        _ => null,
    };
}
