using System.Text.Json;
using System.Text.Json.Serialization;

namespace UniqueRandom.Client.Models;

/// <summary>Reads the state of a pool, also one that only a newer server has.</summary>
internal sealed class PoolStateConverter : JsonConverter<PoolState>
{
    public override PoolState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType != JsonTokenType.String ? throw new JsonException() : reader.GetString() switch
        {
            "seeding" => PoolState.Seeding,
            "open" => PoolState.Open,
            "closed" => PoolState.Closed,
            "exhausted" => PoolState.Exhausted,
            _ => PoolState.Unknown,
        };

    public override void Write(Utf8JsonWriter writer, PoolState value, JsonSerializerOptions options) =>
        throw new NotSupportedException();
}
