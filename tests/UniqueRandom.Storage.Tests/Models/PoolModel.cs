using System.Collections.Immutable;
using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Testing.Audit;

namespace UniqueRandom.Storage.Tests.Models;

/// <summary>A pool: an order that its seeds determine, and the draws so far.</summary>
/// <param name="Created">The name and the range with which it was created.</param>
/// <param name="Seed">The seed.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="ImportedNumbers">The numbers that come first, ascending.</param>
internal sealed record PoolModel(
    PoolDefinition Created, Seed Seed, DateTimeOffset CreatedAt, ImmutableArray<long> ImportedNumbers)
{
    private ImmutableList<PoolSegment> extensions = [];

    public ImportedList? Imported { get; } =
        ImportedNumbers.IsEmpty ? null : SampleLog.ListOf(Created.Range, ImportedNumbers.AsSpan());

    public Commitment Commitment => Commitment.To(Seed, Created.Range, PoolOrder.Stored, Imported);

    public ImmutableArray<long> Order { get; private init; } =
        [.. SampleLog.Numbers(Seed, Created.Range, ImportedNumbers.AsSpan())];

    /// <summary>Gets the stored state, which is never <see cref="PoolState.Exhausted"/>.</summary>
    public PoolState State { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Gets how many numbers were handed out when it was closed because it lacks a segment; otherwise 0.</summary>
    public long HandedOut { get; init; }

    public ImmutableList<ModelDraw> Draws { get; private init; } = [];

    /// <summary>Gets the definition with the extensions that are ready.</summary>
    public PoolDefinition Definition => Created with
    {
        Range = new PoolRange(Created.Range.Minimum, Created.Range.Minimum + Order.Length - 1),
    };

    public bool IsExtended => extensions.Count > 0;

    /// <summary>Gets whether an extension is not ready.</summary>
    public bool IsPending => extensions is [.., { IsReady: false }];

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
                Commitment,
                CreatedAt)
            {
                Imported = Imported,
                Seeded = State == PoolState.Seeding
                    ? Chunk.OffsetsIn(Chunk.CountOf(ImportedNumbers.Length), Order.Length)
                    : Order.Length,
                Seed = HasEnded(0, Created.Range.Size, State != PoolState.Seeding) ? Seed : null,
                Extensions =
                [
                    .. extensions.Select(segment => segment with
                    {
                        Seed = HasEnded(segment.First, segment.Range.Size, segment.IsReady) ? segment.Seed : null,
                    }),
                ],
                ClosedAt = ClosedAt,
            };
        }
    }

    public PoolModel With(ModelDraw draw) => this with { Draws = Draws.Add(draw) };

    /// <summary>Records an extension that is not ready.</summary>
    public PoolModel Extend(int size, Seed seed, DateTimeOffset now)
    {
        var range = new PoolRange(Definition.Range.Maximum + 1, Definition.Range.Maximum + size);
        var segment = new PoolSegment(Order.Length, range, PoolOrder.Stored, Commitment.To(seed, range), now)
        {
            Seed = seed,
            Seeded = 0,
            IsReady = false,
        };
        return this with { extensions = extensions.Add(segment) };
    }

    /// <summary>Stores what is missing, or removes what a closed pool never gets; null if nothing is missing.</summary>
    public PoolModel? Complete()
    {
        if (State == PoolState.Seeding)
            return this with { State = PoolState.Open };
        if (!IsPending)
            return null;
        var (last, others) = (extensions[^1], extensions.RemoveAt(extensions.Count - 1));
        if (State == PoolState.Closed)
            return this with { extensions = others };
        return this with
        {
            Order = Order.AddRange(SampleLog.Numbers(last.Seed!, last.Range)),
            extensions = others.Add(last with { IsReady = true, Seeded = last.Range.Size }),
        };
    }

    public DrawOutcome OutcomeOf(ModelDraw draw) => draw.Request.Count == 1
        ? DrawOutcome.DrawnOne(Definition, draw.First, Order[draw.First], draw.At)
        : DrawOutcome.DrawnMany(Definition, draw.First, Order[draw.First..draw.End].ToArray(), draw.At);

    private bool HasEnded(long first, long size, bool isReady) =>
        isReady && (State == PoolState.Closed || Cursor >= first + size);
}

/// <param name="First">The first position.</param>
/// <param name="At">When it was drawn.</param>
/// <param name="Request">What was asked for.</param>
internal sealed record ModelDraw(int First, DateTimeOffset At, DrawRequest Request)
{
    public int End => First + Request.Count;
}
