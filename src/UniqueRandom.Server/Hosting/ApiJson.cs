using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using UniqueRandom.Pools;
using UniqueRandom.Server.Audit;
using UniqueRandom.Server.Pools;

namespace UniqueRandom.Server.Hosting;

/// <summary>How bodies are written, generated when the program is built. The answers to draws, and exports, are written by hand.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(StateNames)])]
[JsonSerializable(typeof(PoolList))]
[JsonSerializable(typeof(PoolStatus))]
[JsonSerializable(typeof(NumberDrawn))]
[JsonSerializable(typeof(NumberNotDrawn))]
[JsonSerializable(typeof(Health.Health))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    private sealed class StateNames() : JsonStringEnumConverter<PoolState>(JsonNamingPolicy.CamelCase);
}

internal static class Answers
{
    /// <summary>Answers with a body that tells how things are at this moment, and so must not be stored.</summary>
    public static Task SendAsync<T>(this HttpContext context, T body, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(body, type, "application/json", context.RequestAborted);
    }
}
