using System.Collections;
using System.Runtime.CompilerServices;

namespace UniqueRandom.Pools;

/// <summary>Segments, by position. Immutable; lists with equal segments are equal.</summary>
[CollectionBuilder(typeof(SegmentList), nameof(Create))]
public sealed class SegmentList : IReadOnlyList<PoolSegment>, IEquatable<SegmentList>
{
    private readonly PoolSegment[] segments;

    private SegmentList(PoolSegment[] segments) => this.segments = segments;

    /// <summary>No segments.</summary>
    public static SegmentList Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => segments.Length;

    /// <inheritdoc/>
    public PoolSegment this[int index] => segments[index];

    /// <summary>Creates a list.</summary>
    public static SegmentList Create(ReadOnlySpan<PoolSegment> segments) =>
        segments.IsEmpty ? Empty : new SegmentList(segments.ToArray());

    /// <inheritdoc/>
    public bool Equals(SegmentList? other) => other is not null && segments.AsSpan().SequenceEqual(other.segments);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SegmentList);

    /// <inheritdoc/>
    public override int GetHashCode() => Count == 0 ? 0 : HashCode.Combine(Count, segments[^1]);

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", this)}]";

    /// <inheritdoc/>
    public IEnumerator<PoolSegment> GetEnumerator() => ((IEnumerable<PoolSegment>)segments).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
