using Npgsql;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Postgres;

/// <summary>A segment of a pool. Its positions and its chunks count from 0. Immutable.</summary>
/// <param name="PoolId">The id of its pool.</param>
/// <param name="Part">Its range and the kind of its order, with the name of the pool.</param>
/// <param name="First">The position in the pool at which it begins.</param>
/// <param name="FirstChunk">The number of its first chunk among those of the pool.</param>
/// <param name="Commitment">The published hash.</param>
internal sealed record PostgresSegment(int PoolId, PoolDefinition Part, long First, int FirstChunk, Commitment Commitment)
{
    /// <summary>The columns that <see cref="RowsOf"/> reads, of a pool with the alias <c>p</c>.</summary>
    public const string Columns =
        "s.minimum, s.maximum, s.is_computed, s.seed, s.commitment, s.created_at, s.is_ready, s.key, s.caller";

    /// <summary>Joins the segments of a pool as arrays, so that one statement reads a consistent pool.</summary>
    public const string Join = """
        LEFT JOIN LATERAL (
            SELECT array_agg(minimum ORDER BY minimum) AS minimum, array_agg(maximum ORDER BY minimum) AS maximum,
                   array_agg(is_computed ORDER BY minimum) AS is_computed, array_agg(seed ORDER BY minimum) AS seed,
                   array_agg(commitment ORDER BY minimum) AS commitment, array_agg(created_at ORDER BY minimum) AS created_at,
                   array_agg(is_ready ORDER BY minimum) AS is_ready, array_agg(key ORDER BY minimum) AS key,
                   array_agg(caller ORDER BY minimum) AS caller
            FROM uniquerandom.segment WHERE pool_id = p.id
        ) s ON true
        """;

    /// <summary>Joins no segments, in a schema that has none yet.</summary>
    public const string JoinNone = """
        CROSS JOIN (SELECT NULL::bigint[] AS minimum, NULL::bigint[] AS maximum, NULL::boolean[] AS is_computed,
                           NULL::bytea[] AS seed, NULL::bytea[] AS commitment, NULL::timestamptz[] AS created_at,
                           NULL::boolean[] AS is_ready, NULL::text[] AS key, NULL::text[] AS caller) s
        """;

    /// <summary>The position in the pool behind the last one of this segment.</summary>
    public long End => First + Part.Range.Size;

    public int ChunkCount => Chunk.CountOf(Part.StoredSize);

    /// <summary>Reads the rows of the segments that extend a pool.</summary>
    /// <param name="row">The row of the pool.</param>
    /// <param name="at">The first of the <see cref="Columns"/>.</param>
    public static IReadOnlyList<SegmentRow> RowsOf(NpgsqlDataReader row, int at)
    {
        if (row.IsDBNull(at))
            return [];
        var (minima, maxima) = (row.GetFieldValue<long[]>(at), row.GetFieldValue<long[]>(at + 1));
        var (areComputed, seeds) = (row.GetFieldValue<bool[]>(at + 2), row.GetFieldValue<byte[][]>(at + 3));
        var (commitments, times) = (row.GetFieldValue<byte[][]>(at + 4), row.GetFieldValue<DateTimeOffset[]>(at + 5));
        var (areReady, keys) = (row.GetFieldValue<bool[]>(at + 6), row.GetFieldValue<string?[]>(at + 7));
        var callers = row.GetFieldValue<string[]>(at + 8);
        return
        [
            .. Enumerable.Range(0, minima.Length).Select(i => new SegmentRow(
                minima[i], maxima[i], areComputed[i], seeds[i], commitments[i], times[i], areReady[i], keys[i], callers[i])),
        ];
    }

    /// <summary>Creates the segments of a pool, and the pending one, if there is one, at the end.</summary>
    public static IReadOnlyList<PostgresSegment> Of(PoolRow pool)
    {
        var segments = new List<PostgresSegment> { new((int)pool.Id, pool.Created, 0, 0, pool.Commitment) };
        foreach (var row in pool.Extensions)
        {
            var last = segments[^1];
            segments.Add(new PostgresSegment(
                last.PoolId,
                pool.Created with { Range = row.Range, Order = row.Order },
                last.End,
                last.FirstChunk + last.ChunkCount,
                row.Commitment));
        }

        return segments;
    }
}
