using System.Security.Cryptography;
using UniqueRandom.Metrics;
using UniqueRandom.Pools;

namespace UniqueRandom.Server.Webhooks;

/// <summary>What happened to a pool: it has reached a fill level, is exhausted or is closed.</summary>
/// <param name="Pool">The pool as it is now.</param>
/// <param name="Level">
/// A fill level in per cent; 100 for exhausted; 101 for closed. Levels only rise until the pool is extended.
/// </param>
internal readonly record struct PoolEvent(Pool Pool, int Level)
{
    private const int Exhausted = 100;
    private const int Closed = 101;

    public string Type => Level switch
    {
        Exhausted => "pool.exhausted",
        Closed => "pool.closed",
        _ => "pool.low",
    };

    /// <summary>The fill level of <c>pool.low</c>; null for the other types.</summary>
    public int? Percent => Level < Exhausted ? Level : null;

    /// <summary>
    /// The same for each attempt to send the event, by whichever process: the commitment of the pool's last segment is unique.
    /// </summary>
    public string Id
    {
        get
        {
            var last = Pool.Extensions.LastOrDefault(segment => segment.IsReady)?.Commitment ?? Pool.Commitment;
            return $"msg_{Convert.ToHexStringLower(SHA256.HashData([.. last.Bytes, (byte)Level]).AsSpan(0, 16))}";
        }
    }

    /// <summary>
    /// Gets the events of a pool after a level. Of several fill levels, only the highest is returned.
    /// </summary>
    public static IEnumerable<PoolEvent> After(Pool pool, int level)
    {
        var (size, cursor) = (pool.Definition.Range.Size, pool.Cursor);
        if (pool.State == PoolState.Seeding)
            yield break;
        var reached = 0;
        foreach (var percent in DrawActivity.FillLevels)
        {
            if (cursor >= DrawActivity.PositionOf(percent, size))
                reached = percent;
        }

        if (reached > level)
            yield return new PoolEvent(pool, reached);
        if (pool.State == PoolState.Closed && level < Closed)
            yield return new PoolEvent(pool, Closed);
    }
}
