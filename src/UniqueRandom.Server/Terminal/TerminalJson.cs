using System.Text.Json;
using System.Text.Json.Serialization;
using UniqueRandom.Audit;
using UniqueRandom.Client.Models;

namespace UniqueRandom.Server.Terminal;

/// <summary>The source-generated JSON of the results.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, Converters = [typeof(UtcConverter)])]
[JsonSerializable(typeof(AuditFinding))]
[JsonSerializable(typeof(BackupStatus))]
[JsonSerializable(typeof(CheckStatus))]
[JsonSerializable(typeof(CodeStatus))]
[JsonSerializable(typeof(Draw))]
[JsonSerializable(typeof(NumberStatus))]
[JsonSerializable(typeof(PoolStatus))]
[JsonSerializable(typeof(PoolStatus[]))]
internal sealed partial class TerminalJson : JsonSerializerContext;

/// <summary>Writes a time as the server does, with a Z.</summary>
internal sealed class UtcConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime);
}
