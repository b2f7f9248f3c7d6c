using System.Buffers;
using System.Text;
using System.Text.Json;
using UniqueRandom.Metrics;
using UniqueRandom.Pools;
using UniqueRandom.Server.Answers;

namespace UniqueRandom.Server.Events;

/// <summary>Writes what viewers are told as JSON.</summary>
internal static class FeedMessages
{
    /// <summary>How many pools a message describes at most: a message waits in memory until its viewer has read it.</summary>
    private const int DescribedPerMessage = 40;

    /// <summary>Of how many pools a message tells the progress at most.</summary>
    private const int ProgressedPerMessage = 1000;

    /// <summary>Writes one message, or several if it would be long.</summary>
    public static IReadOnlyList<byte[]> Write(
        bool isComplete, IReadOnlyList<(Pool Pool, bool IsDescribed)> changes, DrawActivity activity, DateTimeOffset now)
    {
        var described = PartsOf(changes, isDescribed: true, DescribedPerMessage);
        var progressed = PartsOf(changes, isDescribed: false, ProgressedPerMessage);
        var count = Math.Max(1, Math.Max(described.Count, progressed.Count));
        return [.. Enumerable.Range(0, count).Select(i => Write(
            isComplete && i == 0,
            isComplete && i + 1 < count,
            described.ElementAtOrDefault(i) ?? [],
            progressed.ElementAtOrDefault(i) ?? [],
            activity,
            now))];
    }

    /// <summary>Writes that the pools could not be read: viewers have what was read last.</summary>
    public static byte[] WriteStale(DateTimeOffset now) =>
        Encoding.UTF8.GetBytes($$"""{"at":"{{now.UtcDateTime:O}}","stale":true}""");

    private static List<Pool[]> PartsOf(IEnumerable<(Pool Pool, bool IsDescribed)> changes, bool isDescribed, int size) =>
        [.. changes.Where(change => change.IsDescribed == isDescribed).Select(change => change.Pool).Chunk(size)];

    private static byte[] Write(
        bool isFirst, bool hasMore, Pool[] described, Pool[] progressed, DrawActivity activity, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("at"u8, now.UtcDateTime);
        if (isFirst)
            json.WriteBoolean("first"u8, true);
        if (hasMore)
            json.WriteBoolean("more"u8, true);
        if (described.Length > 0)
        {
            json.WriteStartArray("pools"u8);
            foreach (var pool in described)
                JsonSerializer.Serialize(json, WatchedPool.Of(pool, activity, now), ApiJson.Default.WatchedPool);
            json.WriteEndArray();
        }

        WriteProgress(json, "drawn"u8, progressed.Where(pool => pool.State != PoolState.Seeding), pool => pool.Cursor);
        WriteProgress(json, "seeded"u8, progressed.Where(pool => pool.State == PoolState.Seeding), pool => pool.Seeded);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteProgress(
        Utf8JsonWriter json, ReadOnlySpan<byte> name, IEnumerable<Pool> pools, Func<Pool, long> progressOf)
    {
        if (!pools.Any())
            return;
        json.WriteStartObject(name);
        foreach (var pool in pools)
            json.WriteNumber(pool.Definition.Name, progressOf(pool));
        json.WriteEndObject();
    }
}
