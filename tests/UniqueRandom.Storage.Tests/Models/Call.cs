using System.Collections.Immutable;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Tests.Models;

/// <summary>A call that has ended.</summary>
/// <param name="Operation">A draw of one request, or the closing of a pool.</param>
/// <param name="Began">Its place among all beginnings and ends of calls.</param>
/// <param name="Ended">The place of its end.</param>
/// <param name="Outcome">What it returned; null if it says that it had no effect.</param>
internal sealed record Call(Operation Operation, long Began, long Ended, string? Outcome)
{
    /// <summary>
    /// Whether calls are linearizable (Herlihy and Wing, 1990): some order of them, which keeps the order of calls that did not
    /// overlap, gives each its outcome when the model executes them one by one.
    /// </summary>
    /// <param name="model">The model before the calls.</param>
    /// <param name="calls">The calls.</param>
    /// <param name="now">The time of all of them.</param>
    /// <param name="isEnd">Whether a model agrees with what is stored after the calls.</param>
    public static bool AreLinearizable(
        StoreModel model, ImmutableList<Call> calls, DateTimeOffset now, Func<StoreModel, bool> isEnd)
    {
        if (calls.IsEmpty)
            return isEnd(model);
        var firstEnd = calls.Min(call => call.Ended);
        return calls.Any(call => call.Began <= firstEnd && call.Execute(model, now) is { } after
            && AreLinearizable(after, calls.Remove(call), now, isEnd));
    }

    /// <summary>Describes what a close returns.</summary>
    public static string Describe(Pool pool) => $"{pool.State} {pool.Cursor}";

    /// <summary>Executes the call on the model; null if it returns something else there.</summary>
    private StoreModel? Execute(StoreModel model, DateTimeOffset now)
    {
        if (Outcome is null)
            return model;
        var (after, expected) = Operation switch
        {
            Operation.Draw { Requests: [var request] } when model.Draw(request, now) is var (drawn, outcome) =>
                (drawn, OutcomeText.Of(outcome)),
            Operation.Close close => Close(model, model.Pools[close.Pool], now),
            _ => throw new InvalidOperationException($"{Operation} is not called in parallel."),
        };
        return expected == Outcome ? after : null;
    }

    private static (StoreModel After, string Outcome) Close(StoreModel model, PoolModel pool, DateTimeOffset now)
    {
        var closed = pool.State == PoolState.Closed ? pool : pool with { State = PoolState.Closed, ClosedAt = now };
        return (model.With(closed), Describe(closed.Shown));
    }
}
