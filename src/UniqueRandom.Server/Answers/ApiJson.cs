using System.Text.Json;
using System.Text.Json.Serialization;
using UniqueRandom.Pools;

namespace UniqueRandom.Server.Answers;

/// <summary>The source-generated JSON serializer of the responses. Draws and exports are written without a serializer.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(StateNames)])]
[JsonSerializable(typeof(PoolList))]
[JsonSerializable(typeof(PoolStatus))]
[JsonSerializable(typeof(NumberDrawn))]
[JsonSerializable(typeof(NumberNotDrawn))]
[JsonSerializable(typeof(HealthStatus))]
[JsonSerializable(typeof(CallerStatus))]
[JsonSerializable(typeof(NumberSample))]
[JsonSerializable(typeof(WatchedPool))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    private sealed class StateNames() : JsonStringEnumConverter<PoolState>(JsonNamingPolicy.CamelCase);
}
