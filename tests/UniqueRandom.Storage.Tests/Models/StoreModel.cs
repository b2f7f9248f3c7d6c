using System.Collections.Immutable;
using UniqueRandom.Draws;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Tests.Models;

/// <summary>
/// What a store has to do, without files, transactions or caches: a list of draws for each pool. Immutable, so that a copy of a
/// database is a value.
/// </summary>
internal sealed record StoreModel
{
    public ImmutableSortedDictionary<string, PoolModel> Pools { get; private init; } =
        ImmutableSortedDictionary.Create<string, PoolModel>(StringComparer.Ordinal);

    /// <summary>Gets the draws that used a key.</summary>
    public IEnumerable<ModelDraw> Keyed =>
        Pools.Values.SelectMany(pool => pool.Draws).Where(draw => draw.Request.Key is not null);

    public StoreModel With(PoolModel pool) => this with { Pools = Pools.SetItem(pool.Definition.Name, pool) };

    public (StoreModel After, DrawOutcome Outcome) Draw(DrawRequest request, DateTimeOffset now)
    {
        var used = Keyed.FirstOrDefault(
            draw => (draw.Request.Key, draw.Request.Caller) == (request.Key, request.Caller));
        if (used is not null)
        {
            return (this, used.Request.IsSameDraw(request)
                ? Pools[request.Pool].OutcomeOf(used).ToReplay()
                : DrawOutcome.KeyConflict);
        }

        if (!Pools.TryGetValue(request.Pool, out var pool))
            return (this, DrawOutcome.PoolNotFound);
        if (pool.State == PoolState.Closed)
            return (this, DrawOutcome.PoolClosed(pool.Definition));
        if (pool.State == PoolState.Seeding)
            return (this, DrawOutcome.PoolSeeding(pool.Definition));
        if (request.Count > pool.Order.Length - pool.Cursor)
            return (this, DrawOutcome.Exhausted(pool.Definition, pool.Cursor));
        var draw = new ModelDraw(pool.Cursor, now, request);
        return (With(pool.With(draw)), pool.OutcomeOf(draw));
    }
}
