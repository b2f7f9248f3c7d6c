using System.Text.Json;
using System.Text.Json.Serialization;

namespace UniqueRandom.Client.Models;

/// <summary>Reads a state. One that only a newer server has is the default value, Unknown.</summary>
internal sealed class StateConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    private static readonly Dictionary<string, T> States =
        Enum.GetValues<T>().ToDictionary(state => state.ToString().ToLowerInvariant());

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? States.GetValueOrDefault(reader.GetString()!) : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        throw new NotSupportedException();
}
