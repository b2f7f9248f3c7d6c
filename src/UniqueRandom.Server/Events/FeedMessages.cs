using System.Buffers;
using System.Text.Json;
using UniqueRandom.Metrics;
using UniqueRandom.Pools;
using UniqueRandom.Server.Answers;

namespace UniqueRandom.Server.Events;

/// <summary>Writes what viewers are told as JSON.</summary>
internal static class FeedMessages
{
    /// <summary>How many pools a message describes at most: a message waits in memory until its viewer has read it.</summary>
    private const int PoolsPerMessage = 40;

    /// <summary>Writes one message, or several if it would be long.</summary>
    public static IReadOnlyList<byte[]> Write(
        bool isComplete, IReadOnlyList<(Pool Pool, bool IsDescribed)> changes, DrawActivity activity, DateTimeOffset now)
    {
        var described = changes.Where(change => change.IsDescribed).Select(change => change.Pool).ToList();
        var progressed = changes.Where(change => !change.IsDescribed).Select(change => change.Pool).ToList();
        var messages = new List<byte[]>();
        for (var i = 0; i == 0 || i < described.Count; i += PoolsPerMessage)
        {
            var isFirst = i == 0;
            messages.Add(Write(
                isComplete && isFirst,
                isComplete && i + PoolsPerMessage < described.Count,
                described.GetRange(i, Math.Min(PoolsPerMessage, described.Count - i)),
                isFirst ? progressed : [],
                activity,
                now));
        }

        return messages;
    }

    private static byte[] Write(
        bool isFirst, bool hasMore, List<Pool> described, List<Pool> progressed, DrawActivity activity, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("at"u8, now.UtcDateTime);
        if (isFirst)
            json.WriteBoolean("first"u8, true);
        if (hasMore)
            json.WriteBoolean("more"u8, true);
        if (described.Count > 0)
        {
            json.WriteStartArray("pools"u8);
            foreach (var pool in described)
                JsonSerializer.Serialize(json, WatchedPool.Of(pool, activity, now), ApiJson.Default.WatchedPool);
            json.WriteEndArray();
        }

        WriteProgress(json, "drawn"u8, progressed.FindAll(pool => pool.State != PoolState.Seeding), pool => pool.Cursor);
        WriteProgress(json, "seeded"u8, progressed.FindAll(pool => pool.State == PoolState.Seeding), pool => pool.Seeded);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteProgress(
        Utf8JsonWriter json, ReadOnlySpan<byte> name, List<Pool> pools, Func<Pool, long> progressOf)
    {
        if (pools.Count == 0)
            return;
        json.WriteStartObject(name);
        foreach (var pool in pools)
            json.WriteNumber(pool.Definition.Name, progressOf(pool));
        json.WriteEndObject();
    }
}
