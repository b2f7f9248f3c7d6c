using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using UniqueRandom.Pools;

namespace UniqueRandom.Server.Answers;

/// <summary>The source-generated JSON serializer of the responses. Draws and exports are written without a serializer.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(OrderNames), typeof(StateNames), typeof(OperationNames)])]
[JsonSerializable(typeof(PoolList))]
[JsonSerializable(typeof(PoolStatus))]
[JsonSerializable(typeof(NumberDrawn))]
[JsonSerializable(typeof(NumberNotDrawn))]
[JsonSerializable(typeof(CodeIssued))]
[JsonSerializable(typeof(CodeNotIssued))]
[JsonSerializable(typeof(HealthStatus))]
[JsonSerializable(typeof(CallerStatus))]
[JsonSerializable(typeof(NumberSample))]
[JsonSerializable(typeof(BackupStatus))]
[JsonSerializable(typeof(CheckStatus))]
[JsonSerializable(typeof(WatchedPool))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(long))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    private sealed class OperationNames() : JsonStringEnumConverter<OperationState>(JsonNamingPolicy.CamelCase);

    private sealed class OrderNames() : JsonStringEnumConverter<PoolOrder>(JsonNamingPolicy.CamelCase);

    private sealed class StateNames() : JsonStringEnumConverter<PoolState>(JsonNamingPolicy.CamelCase);
}
