using UniqueRandom.Permutations;

namespace UniqueRandom.Pools;

/// <summary>A pool at one moment. Immutable.</summary>
/// <param name="Definition">The name and the range.</param>
/// <param name="State">The state.</param>
/// <param name="Cursor">
/// How many positions are drawn, 0 to the size of the range. The next draw begins at this position. 0 while
/// <see cref="PoolState.Seeding"/>.
/// </param>
/// <param name="Commitment">The published hash that fixes the order.</param>
/// <param name="CreatedAt">When the pool was created, to the millisecond, UTC.</param>
public sealed record Pool(
    PoolDefinition Definition, PoolState State, long Cursor, Commitment Commitment, DateTimeOffset CreatedAt)
{
    /// <summary>
    /// How many numbers of the order are ready: the size of the range unless <see cref="PoolState.Seeding"/>.
    /// </summary>
    public long Seeded { get; init; } = Definition.Range.Size;

    /// <summary>
    /// The numbers that were handed out elsewhere before the pool was created, and are its first positions. Null for none.
    /// </summary>
    public ImportedList? Imported { get; init; }

    /// <summary>
    /// The seed of the first segment, once all of its numbers are drawn or the pool is closed; otherwise null. Without extensions
    /// that is when the pool is <see cref="PoolState.Closed"/> or <see cref="PoolState.Exhausted"/>.
    /// </summary>
    public Seed? Seed { get; init; }

    /// <summary>The segments that were added to the first one. The last one may not be ready.</summary>
    public SegmentList Extensions { get; init; } = [];

    /// <summary>The pool as it was created: name, range and order of its first segment.</summary>
    public PoolDefinition Created => Extensions.Count == 0
        ? Definition
        : Definition with { Range = new PoolRange(Definition.Range.Minimum, Extensions[0].Range.Minimum - 1) };

    /// <summary>All segments.</summary>
    public SegmentList Segments =>
        [new PoolSegment(0, Created.Range, Definition.Order, Commitment, CreatedAt)
        {
            IsReady = State != PoolState.Seeding,
            Seeded = State == PoolState.Seeding ? Seeded : Created.Range.Size,
            Seed = Seed,
        }, .. Extensions];

    /// <summary>How many numbers are stored: those of the ready segments with a stored order.</summary>
    public long StoredSize =>
        Segments.Where(segment => segment is { IsReady: true, Order: PoolOrder.Stored }).Sum(segment => segment.Range.Size);

    /// <summary>The added segment that is not ready; null if there is none.</summary>
    public PoolSegment? Pending => Extensions is [.., { IsReady: false } last] ? last : null;

    /// <summary>The segment whose order has to be stored before it can be drawn from; null if there is none.</summary>
    public PoolSegment? Unfinished => State == PoolState.Seeding ? Segments[0] : Pending;

    /// <summary>When the pool was closed, to the millisecond, UTC; null unless closed.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>How many numbers are left.</summary>
    public long Remaining => Definition.Range.Size - Cursor;

    /// <summary>Returns the pool as callers may see it who must not know which numbers are drawn.</summary>
    public Pool WithoutSeeds() => this with
    {
        Seed = null,
        Extensions = SegmentList.Create([.. Extensions.Select(segment => segment with { Seed = null })]),
    };

    /// <summary>
    /// Creates a pool from what is stored. The seed of a segment stays hidden until the segment or the pool ends.
    /// </summary>
    /// <param name="definition">The name and the range.</param>
    /// <param name="stored">The stored state: seeding, open or closed.</param>
    /// <param name="cursor">
    /// How many positions are drawn. A restore may have given up positions of a pool that is seeding; they count once it is open.
    /// </param>
    /// <param name="seed">The stored seed of the first segment.</param>
    /// <param name="commitment">The published hash of the first segment.</param>
    /// <param name="createdAt">When the pool was created.</param>
    /// <param name="extensions">The segments that were added, with their seeds; none by default.</param>
    public static Pool FromStore(
        PoolDefinition definition,
        PoolState stored,
        long cursor,
        Seed seed,
        Commitment commitment,
        DateTimeOffset createdAt,
        params ReadOnlySpan<PoolSegment> extensions)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var state = stored == PoolState.Open && cursor == definition.Range.Size ? PoolState.Exhausted : stored;
        var pool = new Pool(definition, state, state == PoolState.Seeding ? 0 : cursor, commitment, createdAt);
        if (!extensions.IsEmpty)
            pool = pool with { Extensions = Conceal(extensions, cursor, state == PoolState.Closed) };
        var isSeedPublic = state == PoolState.Closed
            || (state != PoolState.Seeding && cursor >= pool.Created.Range.Size);
        return isSeedPublic ? pool with { Seed = seed } : pool;
    }

    private static SegmentList Conceal(ReadOnlySpan<PoolSegment> extensions, long cursor, bool isClosed)
    {
        var concealed = new PoolSegment[extensions.Length];
        for (var i = 0; i < concealed.Length; i++)
            concealed[i] = extensions[i].Conceal(cursor, isClosed);
        return SegmentList.Create(concealed);
    }
}
