using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using UniqueRandom.Server.Hosting;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Docs;

/// <summary>Compares the handwritten OpenAPI description with the server.</summary>
public sealed class DescribedRoutesTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly ApiDescription description = ApiDescription.Read();

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Mapped_and_described_routes_are_the_same()
    {
        var settings = new Dictionary<string, string?> { ["UniqueRandom:Database"] = directory.Database };
        await using var app = ServerApplication.CreateBuilder(settings).AddPools().Build();
        app.MapRoutes();

        var mapped =
            from endpoint in ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).Cast<RouteEndpoint>()
            from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["any method of"]
            select $"{method} {Normalize(endpoint.RoutePattern)}";
        // The interactive page is not an endpoint. The next test requests it from a running server.
        var described = description.Operations
            .Where(operation => operation.Path != "/docs")
            .Select(operation => $"{operation.Method} {Normalize(RoutePatternFactory.Parse(operation.Path))}");

        Assert.Equal([], described.Except(mapped));
        Assert.Equal([], mapped.Except(described));
    }

    [Fact]
    public async Task Every_described_example_works()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--backup-directory", directory.Path);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server.Address };
        var differences = new List<string>();

        foreach (var operation in description.Operations)
        {
            using var request = ExampleOf(operation);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, CancellationToken);
            var body = await ReadAsync(response.Content);
            if (FindDifference(operation, response, body) is { } difference)
                differences.Add($"{operation} was answered {(int)response.StatusCode} {body}: {difference}");
        }

        Assert.True(differences.Count == 0, string.Join(Environment.NewLine, differences));
    }

    /// <summary>Reads a body; of a stream of events, the first one.</summary>
    private static async Task<string> ReadAsync(HttpContent content)
    {
        if (content.Headers.ContentType?.MediaType != "text/event-stream")
            return await content.ReadAsStringAsync(CancellationToken);
        using var reader = new StreamReader(await content.ReadAsStreamAsync(CancellationToken));
        var lines = new StringBuilder();
        while (await reader.ReadLineAsync(CancellationToken) is { Length: > 0 } line)
            lines.Append(line).Append('\n');
        return lines.Append('\n').ToString();
    }

    /// <summary>The difference between an answer and its description; null if there is none.</summary>
    private string? FindDifference(ApiOperation operation, HttpResponseMessage response, string body)
    {
        var (_, described) = description.Named(operation.Element, "responses")
            .FirstOrDefault(known => known.Name == $"{(int)response.StatusCode}");
        if (described.ValueKind == JsonValueKind.Undefined || (int)response.StatusCode >= 400)
            return "not what the example should give";
        var required = description.Named(described, "headers").Where(header => header.Value.TryGetProperty("required", out _));
        if (required.FirstOrDefault(header => !response.Headers.Contains(header.Name)) is { Name: { } missing })
            return $"the header {missing} is missing";
        if (!described.TryGetProperty("content", out var content))
            return body.Length == 0 ? null : "no body is described";
        var mediaType = response.Content.Headers.ContentType?.MediaType ?? "";
        return content.TryGetProperty(mediaType, out var media)
            ? new SchemaCheck(description).Violation(media.GetProperty("schema"), body, mediaType)
            : $"{mediaType} is not described";
    }

    private HttpRequestMessage ExampleOf(ApiOperation operation)
    {
        var values = operation.Parameters.ToLookup(
            parameter => parameter.GetProperty("in").GetString(),
            parameter => (Name: parameter.GetProperty("name").GetString(), Value: $"{description.ExampleOf(parameter)}"));
        var path = values["path"].Aggregate(
            operation.Path, (path, value) => path.Replace($"{{{value.Name}}}", value.Value, StringComparison.Ordinal));
        var query = string.Join('&', values["query"].Select(value => $"{value.Name}={value.Value}"));
        var request = new HttpRequestMessage(new HttpMethod(operation.Method), $"{path}?{query}");
        if (operation.Element.TryGetProperty("requestBody", out var body))
        {
            var (mediaType, media) = description.Named(body, "content").First();
            var example = description.Members(media, "examples").First().GetProperty("value");
            request.Content = new StringContent(example.GetRawText(), new MediaTypeHeaderValue(mediaType));
        }

        return request;
    }

    /// <summary>Returns a route without the names of its parameters.</summary>
    private static string Normalize(RoutePattern route) =>
        "/" + string.Join('/', route.PathSegments.Select(segment => string.Concat(segment.Parts.Select(NameOf))));

    private static string NameOf(RoutePatternPart part) => part is RoutePatternLiteralPart literal ? literal.Content : "{}";
}
