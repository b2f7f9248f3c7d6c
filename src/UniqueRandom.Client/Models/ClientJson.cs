using System.Text.Json;
using System.Text.Json.Serialization;

namespace UniqueRandom.Client.Models;

/// <summary>The source-generated JSON serializer. Members that it does not know are ignored, so a server can be newer.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    Converters = [typeof(StateConverter<PoolOrder>), typeof(StateConverter<PoolState>), typeof(StateConverter<OperationState>)],
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(BackupStatus))]
[JsonSerializable(typeof(CallerStatus))]
[JsonSerializable(typeof(CheckStatus))]
[JsonSerializable(typeof(CodeStatus))]
[JsonSerializable(typeof(Draw))]
[JsonSerializable(typeof(DrawnNumber))]
[JsonSerializable(typeof(DrawRequest))]
[JsonSerializable(typeof(ExtensionRequest))]
[JsonSerializable(typeof(LoggedDraw))]
[JsonSerializable(typeof(NumberSample))]
[JsonSerializable(typeof(NumberStatus))]
[JsonSerializable(typeof(PoolPage))]
[JsonSerializable(typeof(PoolRequest))]
[JsonSerializable(typeof(PoolsEvent))]
[JsonSerializable(typeof(PoolStatus))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ClientJson : JsonSerializerContext;
