using System.Text.Json;
using System.Text.Json.Serialization;

namespace UniqueRandom.Server.Webhooks;

/// <summary>The body of a message. It never contains a number or a seed.</summary>
/// <param name="Type">The type of the event.</param>
/// <param name="Timestamp">When the message is sent, UTC.</param>
/// <param name="Data">The pool.</param>
internal sealed record WebhookMessage(string Type, DateTimeOffset Timestamp, WebhookMessage.PoolData Data)
{
    public static byte[] Write(in PoolEvent happened, DateTimeOffset now)
    {
        var pool = happened.Pool;
        var data = new PoolData(
            pool.Definition.Name, happened.Percent, pool.Definition.Range.Size, pool.Cursor, pool.Remaining);
        return JsonSerializer.SerializeToUtf8Bytes(
            new WebhookMessage(happened.Type, now, data), WebhookJson.Default.WebhookMessage);
    }

    /// <summary>A pool as it was read about a second before.</summary>
    internal sealed record PoolData(string Pool, int? Percent, long Size, long Drawn, long Remaining);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WebhookMessage))]
internal sealed partial class WebhookJson : JsonSerializerContext;
