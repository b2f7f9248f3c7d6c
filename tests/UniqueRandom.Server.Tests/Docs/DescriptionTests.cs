using System.Text.Json;

namespace UniqueRandom.Server.Tests.Docs;

/// <summary>Checks the consistency of the handwritten OpenAPI description.</summary>
public sealed class DescriptionTests
{
    private readonly ApiDescription description = ApiDescription.Read();
    private readonly SchemaCheck check;

    public DescriptionTests() => check = new SchemaCheck(description);

    [Fact]
    public void Every_reference_can_be_resolved()
    {
        Visit(description.Root);

        void Visit(JsonElement element)
        {
            _ = description.Resolve(element);
            if (element.ValueKind == JsonValueKind.Object)
                foreach (var member in element.EnumerateObject())
                    Visit(member.Value);
            else if (element.ValueKind == JsonValueKind.Array)
                foreach (var item in element.EnumerateArray())
                    Visit(item);
        }
    }

    [Fact]
    public void Every_operation_has_a_summary_and_a_description()
    {
        var tags = description.Members(description.Root, "tags").Select(tag => tag.GetProperty("name").GetString()).ToArray();
        var names = new HashSet<string>();
        Assert.All(description.Operations, operation =>
        {
            Assert.True(names.Add(operation.Element.GetProperty("operationId").GetString()!));
            Assert.NotEmpty(operation.Element.GetProperty("summary").GetString()!);
            Assert.NotEmpty(operation.Element.GetProperty("description").GetString()!);
            Assert.Contains(Assert.Single(operation.Element.GetProperty("tags").EnumerateArray()).GetString(), tags);
            Assert.True(operation.Element.TryGetProperty("security", out _));
        });
    }

    [Fact]
    public void Every_example_matches_its_schema()
    {
        foreach (var operation in description.Operations)
        {
            foreach (var parameter in operation.Parameters)
                AssertValid(operation.ToString(), parameter.GetProperty("schema"), description.ExampleOf(parameter));
            if (operation.Element.TryGetProperty("requestBody", out var body))
                _ = ReadExamples($"{operation}, request", body);

            foreach (var (status, response) in description.Named(operation.Element, "responses"))
            {
                var examples = ReadExamples($"{operation}, {status}", response);
                Assert.All(examples.Where(example => example.MediaType == "application/problem+json"), problem =>
                    Assert.Matches(
                        $"^{status.Replace("XX", "..", StringComparison.Ordinal)}$", $"{problem.Value.GetProperty("status")}"));
                foreach (var header in description.Members(response, "headers"))
                    AssertValid($"{operation}, {status}", header.GetProperty("schema"), header.GetProperty("example"));
            }
        }
    }

    [Fact]
    public void Every_problem_has_an_example()
    {
        foreach (var operation in description.Operations)
        {
            foreach (var (status, response) in description.Named(operation.Element, "responses")
                .Where(response => response.Name[0] is '4' or '5'))
            {
                var schema = description.Resolve(
                    response.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema"));
                var types = schema.GetProperty("allOf")[1].GetProperty("properties").GetProperty("type").GetProperty("enum")
                    .EnumerateArray();
                var examples = ReadExamples($"{operation}, {status}", response)
                    .Select(example => example.Value.GetProperty("type").GetString());
                Assert.Equal(types.Select(type => type.GetString()), examples.Distinct());
            }
        }
    }

    [Theory]
    [InlineData("""{"count":1}""", true)]
    [InlineData("""{"count":10000,"reference":null}""", true)]
    [InlineData("""{"count":0}""", false)]
    [InlineData("""{"count":10001}""", false)]
    [InlineData("""{"count":1.5}""", false)]
    [InlineData("""{"count":"1"}""", false)]
    [InlineData("""{"count":1,"reference":""}""", false)]
    [InlineData("""{"count":1,"reference":"a\tb"}""", false)]
    [InlineData("""{"count":1,"size":1}""", false)]
    [InlineData("""{"reference":"order-4711"}""", false)]
    [InlineData("""[1]""", false)]
    public void A_body_that_violates_its_schema_is_found(string body, bool isValid)
    {
        var schema = description.Root.GetProperty("components").GetProperty("schemas").GetProperty("DrawRequest");

        Assert.Equal(isValid, check.Violation(schema, body, "application/json") is null);
    }

    /// <summary>
    /// Reads the examples of a request or a response, and verifies that each content has one and all match their schema.
    /// </summary>
    private List<(string MediaType, JsonElement Value)> ReadExamples(string where, JsonElement owner)
    {
        var found = new List<(string, JsonElement)>();
        foreach (var (mediaType, media) in description.Named(owner, "content"))
        {
            var examples = description.Members(media, "examples").Select(example => example.GetProperty("value")).ToArray();
            Assert.NotEmpty(examples);
            foreach (var example in examples)
            {
                var body = example.ValueKind == JsonValueKind.String ? example.GetString()! : example.GetRawText();
                var violation = check.Violation(media.GetProperty("schema"), body, mediaType);
                Assert.True(violation is null, $"{where}, {mediaType}: {violation}");
                found.Add((mediaType, example));
            }
        }

        return found;
    }

    private void AssertValid(string where, JsonElement schema, JsonElement example)
    {
        var violation = check.Violation(schema, example);
        Assert.True(violation is null, $"{where}: {violation}");
    }
}
