using System.Collections.Immutable;
using UniqueRandom.Draws;
using UniqueRandom.Permutations;
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

/// <summary>A pool: an order that its seed determines, and the draws so far.</summary>
/// <param name="Definition">The name and the range.</param>
/// <param name="Seed">The seed.</param>
/// <param name="CreatedAt">When it was created.</param>
internal sealed record PoolModel(PoolDefinition Definition, Seed Seed, DateTimeOffset CreatedAt)
{
    public ImmutableArray<long> Order { get; } = Shuffle(Seed, Definition.Range);

    /// <summary>Gets the stored state, which is never <see cref="PoolState.Exhausted"/>.</summary>
    public PoolState State { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public ImmutableList<ModelDraw> Draws { get; private init; } = [];

    /// <summary>Gets the stored cursor. A restore may have moved it before the order is stored.</summary>
    public int Cursor => Draws.IsEmpty ? 0 : Draws[^1].End;

    /// <summary>Gets what a store shows of the pool.</summary>
    public Pool Shown
    {
        get
        {
            var isExhausted = State == PoolState.Open && Cursor == Order.Length;
            return new Pool(
                Definition,
                isExhausted ? PoolState.Exhausted : State,
                State == PoolState.Seeding ? 0 : Cursor,
                Commitment.To(Seed, Definition.Range),
                CreatedAt)
            {
                Seeded = State == PoolState.Seeding ? 0 : Order.Length,
                Seed = isExhausted || State == PoolState.Closed ? Seed : null,
                ClosedAt = ClosedAt,
            };
        }
    }

    public PoolModel With(ModelDraw draw) => this with { Draws = Draws.Add(draw) };

    public DrawOutcome OutcomeOf(ModelDraw draw) => draw.Request.Count == 1
        ? DrawOutcome.DrawnOne(Definition, draw.First, Order[draw.First], draw.At)
        : DrawOutcome.DrawnMany(Definition, draw.First, Order[draw.First..draw.End].ToArray(), draw.At);

    private static ImmutableArray<long> Shuffle(Seed seed, PoolRange range)
    {
        using var permutation = Permutation.Shuffle(seed, range.Size);
        return [.. permutation.Offsets.ToArray().Select(offset => range.NumberAt(offset))];
    }
}

/// <param name="First">The first position.</param>
/// <param name="At">When it was drawn.</param>
/// <param name="Request">What was asked for.</param>
internal sealed record ModelDraw(int First, DateTimeOffset At, DrawRequest Request)
{
    public int End => First + Request.Count;
}
