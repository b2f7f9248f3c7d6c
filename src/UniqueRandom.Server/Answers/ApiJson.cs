using System.Text.Json;
using System.Text.Json.Serialization;
using UniqueRandom.Pools;

namespace UniqueRandom.Server.Answers;

/// <summary>The JSON serializer of the answers, generated at build time. Draws and exports are written by hand.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(StateNames)])]
[JsonSerializable(typeof(PoolList))]
[JsonSerializable(typeof(PoolStatus))]
[JsonSerializable(typeof(NumberDrawn))]
[JsonSerializable(typeof(NumberNotDrawn))]
[JsonSerializable(typeof(HealthStatus))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    private sealed class StateNames() : JsonStringEnumConverter<PoolState>(JsonNamingPolicy.CamelCase);
}
