using System.Text.Json;
using UniqueRandom.Server.Docs;

namespace UniqueRandom.Server.Tests.Docs;

/// <summary>One method of one path, with the parameters of both.</summary>
internal sealed record ApiOperation(string Method, string Path, JsonElement Element, JsonElement[] Parameters)
{
    public override string ToString() => $"{Method} {Path}";
}

/// <summary>The OpenAPI description that is built into the server.</summary>
internal sealed class ApiDescription
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    private ApiDescription(JsonElement root) => Root = root;

    public JsonElement Root { get; }

    public IEnumerable<ApiOperation> Operations =>
        from path in Root.GetProperty("paths").EnumerateObject()
        from method in path.Value.EnumerateObject()
        where Methods.Contains(method.Name)
        let parameters = Members(path.Value, "parameters").Concat(Members(method.Value, "parameters"))
        select new ApiOperation(method.Name.ToUpperInvariant(), path.Name, method.Value, [.. parameters]);

    public static ApiDescription Read()
    {
        using var stream = Documentation.OpenDescription();
        return new ApiDescription(JsonDocument.Parse(stream).RootElement);
    }

    /// <summary>Returns the target of <c>$ref</c>, or the element itself.</summary>
    public JsonElement Resolve(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("$ref", out var reference))
            return element;
        var pointer = reference.GetString()!.Split('/');
        Assert.Equal("#", pointer[0]);
        return Resolve(pointer.Skip(1).Aggregate(Root, (at, name) =>
            at.TryGetProperty(name, out var next) ? next : throw new KeyNotFoundException($"{reference} leads nowhere.")));
    }

    /// <summary>
    /// The example of a parameter. It is in the schema if the page at /docs must not send it.
    /// </summary>
    public JsonElement ExampleOf(JsonElement parameter) =>
        parameter.TryGetProperty("example", out var example)
            ? example
            : Resolve(parameter.GetProperty("schema")).GetProperty("examples")[0];

    /// <summary>The resolved members or items of a member; none if the member is missing.</summary>
    public IEnumerable<JsonElement> Members(JsonElement element, string name) =>
        !element.TryGetProperty(name, out var member) ? []
        : member.ValueKind == JsonValueKind.Array ? member.EnumerateArray().Select(Resolve)
        : member.EnumerateObject().Select(entry => Resolve(entry.Value));

    /// <summary>The resolved members of a member with their names; none if the member is missing.</summary>
    public IEnumerable<(string Name, JsonElement Value)> Named(JsonElement element, string name) =>
        element.TryGetProperty(name, out var member)
            ? member.EnumerateObject().Select(entry => (entry.Name, Resolve(entry.Value)))
            : [];
}
