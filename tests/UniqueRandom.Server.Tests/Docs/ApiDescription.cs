using System.Text.Json;
using UniqueRandom.Server.Docs;

namespace UniqueRandom.Server.Tests.Docs;

/// <summary>One method of one path, with the parameters of both.</summary>
internal sealed record ApiOperation(string Method, string Path, JsonElement Element, JsonElement[] Parameters)
{
    public override string ToString() => $"{Method} {Path}";
}

/// <summary>The description of the routes, as it is built into the server.</summary>
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

    /// <summary>What an element stands for: itself, or what its <c>$ref</c> leads to.</summary>
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
    /// The example of a parameter. In its schema where one is not to be sent by whoever tries the route at /docs.
    /// </summary>
    public JsonElement ExampleOf(JsonElement parameter) =>
        parameter.TryGetProperty("example", out var example)
            ? example
            : Resolve(parameter.GetProperty("schema")).GetProperty("examples")[0];

    /// <summary>The values of a member's members or items, resolved; none if there is no such member.</summary>
    public IEnumerable<JsonElement> Members(JsonElement element, string name) =>
        !element.TryGetProperty(name, out var member) ? []
        : member.ValueKind == JsonValueKind.Array ? member.EnumerateArray().Select(Resolve)
        : member.EnumerateObject().Select(entry => Resolve(entry.Value));

    /// <summary>The named members of a member, resolved; none if there is no such member.</summary>
    public IEnumerable<(string Name, JsonElement Value)> Named(JsonElement element, string name) =>
        element.TryGetProperty(name, out var member)
            ? member.EnumerateObject().Select(entry => (entry.Name, Resolve(entry.Value)))
            : [];
}
