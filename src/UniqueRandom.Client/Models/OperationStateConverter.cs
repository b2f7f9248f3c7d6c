using System.Text.Json;
using System.Text.Json.Serialization;

namespace UniqueRandom.Client.Models;

/// <summary>Reads the state of an operation, also one that only a newer server has.</summary>
internal sealed class OperationStateConverter : JsonConverter<OperationState>
{
    public override OperationState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType != JsonTokenType.String ? throw new JsonException() : reader.GetString() switch
        {
            "none" => OperationState.None,
            "running" => OperationState.Running,
            "done" => OperationState.Done,
            "failed" => OperationState.Failed,
            _ => OperationState.Unknown,
        };

    public override void Write(Utf8JsonWriter writer, OperationState value, JsonSerializerOptions options) =>
        throw new NotSupportedException();
}
