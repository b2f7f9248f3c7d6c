using System.Reflection;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Client.Tests.Routes;

/// <summary>Compares the client with the description of the routes.</summary>
public sealed class DescribedRoutesTests(ApiServer server) : IClassFixture<ApiServer>
{
    /// <summary>The operations of the description, each with the method that calls it.</summary>
    private static readonly Dictionary<string, string> Methods = new()
    {
        ["draw"] = nameof(UniqueRandomClient.DrawAsync),
        ["drawOneFromPool"] = nameof(UniqueRandomClient.DrawOneAsync),
        ["drawOne"] = nameof(UniqueRandomClient.DrawOneAsync),
        ["listPools"] = nameof(UniqueRandomClient.GetPoolsAsync),
        ["readPool"] = nameof(UniqueRandomClient.GetPoolAsync),
        ["createPool"] = nameof(UniqueRandomClient.CreatePoolAsync),
        ["extendPool"] = nameof(UniqueRandomClient.ExtendPoolAsync),
        ["closePool"] = nameof(UniqueRandomClient.ClosePoolAsync),
        ["readDrawLog"] = nameof(UniqueRandomClient.ReadDrawLogAsync),
        ["readNumber"] = nameof(UniqueRandomClient.GetNumberAsync),
        ["readCode"] = nameof(UniqueRandomClient.GetCodeAsync),
        ["sampleOrder"] = nameof(UniqueRandomClient.GetSampleAsync),
        ["startBackup"] = nameof(UniqueRandomClient.StartBackupAsync),
        ["readBackup"] = nameof(UniqueRandomClient.GetBackupAsync),
        ["startCheck"] = nameof(UniqueRandomClient.StartCheckAsync),
        ["readCheck"] = nameof(UniqueRandomClient.GetCheckAsync),
        ["watchPools"] = nameof(UniqueRandomClient.WatchPoolsAsync),
        ["readCaller"] = nameof(UniqueRandomClient.GetCallerAsync),
        ["readMetrics"] = nameof(UniqueRandomClient.GetMetricsAsync),
        ["health"] = nameof(UniqueRandomClient.IsAliveAsync),
        ["ready"] = nameof(UniqueRandomClient.IsReadyAsync),
    };

    /// <summary>Pages, the description itself, and the headers of draws.</summary>
    private static readonly string[] NotCalled =
        ["home", "verify", "docs", "openapi", "describeDrawOne", "describeDrawOneFromPool"];

    [Fact]
    public async Task Every_described_route_has_a_method()
    {
        var description = (await server.Client.FetchAsync("/openapi/v1.json")).Expect(200).Json;
        var operations =
            from path in description.GetProperty("paths").EnumerateObject()
            from method in path.Value.EnumerateObject()
            select method.Value.GetProperty("operationId").GetString()!;
        Assert.Equal(operations.Order(), Methods.Keys.Concat(NotCalled).Order());
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var methods = typeof(UniqueRandomClient).GetMethods(Declared);
        Assert.Equal(methods.Select(method => method.Name).Distinct().Order(), Methods.Values.Distinct().Order());
    }

    [Fact]
    public async Task Every_described_type_of_a_problem_has_a_constant()
    {
        var description = (await server.Client.FetchAsync("/openapi/v1.json")).Expect(200).Text;
        var types = typeof(ProblemTypes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!).ToList();
        var described = description.Split('"')
            .Where(text => text.StartsWith("urn:uniquerandom:problem:", StringComparison.Ordinal));
        Assert.Subset(types.ToHashSet(), described.ToHashSet());
    }
}
