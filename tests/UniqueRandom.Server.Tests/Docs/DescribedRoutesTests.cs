using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using UniqueRandom.Server.Hosting;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Docs;

/// <summary>The description of the routes is written by hand. Here it is held against the server.</summary>
public sealed class DescribedRoutesTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly ApiDescription description = ApiDescription.Read();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task What_the_server_maps_is_what_is_described()
    {
        var settings = new Dictionary<string, string?> { ["UniqueRandom:Database"] = directory.Database };
        await using var app = ServerApplication.CreateBuilder(settings).AddPools().Build();
        app.MapRoutes();

        var mapped =
            from endpoint in ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).Cast<RouteEndpoint>()
            from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["any method of"]
            select $"{method} {Shape(endpoint.RoutePattern)}";
        // The interactive page is no endpoint; that it is there is asked below, of the running server.
        var described = description.Operations
            .Where(operation => operation.Path != "/docs")
            .Select(operation => $"{operation.Method} {Shape(RoutePatternFactory.Parse(operation.Path))}");

        Assert.Equal([], described.Except(mapped));
        Assert.Equal([], mapped.Except(described));
    }

    [Fact]
    public async Task What_is_described_works_as_in_the_examples()
    {
        await using var server = await ServerProcess.StartAsync(directory);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server.Address };
        var complaints = new List<string>();

        foreach (var operation in description.Operations)
        {
            using var request = ExampleOf(operation);
            using var response = await client.SendAsync(request, Cancellation);
            var body = await response.Content.ReadAsStringAsync(Cancellation);
            if (Complaint(operation, response, body) is { } complaint)
                complaints.Add($"{operation} was answered {(int)response.StatusCode} {body}: {complaint}");
        }

        Assert.True(complaints.Count == 0, string.Join(Environment.NewLine, complaints));
    }

    /// <summary>What is wrong with an answer; null when it is as described, and no error.</summary>
    private string? Complaint(ApiOperation operation, HttpResponseMessage response, string body)
    {
        var (_, described) = description.Named(operation.Element, "responses")
            .FirstOrDefault(known => known.Name == $"{(int)response.StatusCode}");
        if (described.ValueKind == JsonValueKind.Undefined || (int)response.StatusCode >= 400)
            return "not what the example should give";
        var needed = description.Named(described, "headers").Where(header => header.Value.TryGetProperty("required", out _));
        if (needed.FirstOrDefault(header => !response.Headers.Contains(header.Name)) is { Name: { } missing })
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

    /// <summary>A route without the names of its parameters, which no client sees.</summary>
    private static string Shape(RoutePattern route) =>
        "/" + string.Join('/', route.PathSegments.Select(segment => string.Concat(segment.Parts.Select(NameOf))));

    private static string NameOf(RoutePatternPart part) => part is RoutePatternLiteralPart literal ? literal.Content : "{}";
}
