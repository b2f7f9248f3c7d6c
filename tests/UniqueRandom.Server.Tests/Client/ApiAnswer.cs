using System.Text.Json;

namespace UniqueRandom.Server.Tests.Client;

/// <summary>An answer of the server, read whole.</summary>
internal sealed record ApiAnswer(int Status, string? MediaType, IReadOnlyDictionary<string, string> Headers, string Text)
{
    public JsonElement Json => JsonElement.Parse(Text);

    /// <summary>The body as a JSON object a line.</summary>
    public JsonElement[] Lines =>
        [.. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];

    public ApiAnswer Expect(int status)
    {
        Assert.True(Status == status, $"Expected {status}, and not {Status}: {Text}");
        return this;
    }

    /// <summary>The body, once it is sure that the request was carried out.</summary>
    public JsonElement Success(int status)
    {
        Expect(status);
        Assert.Equal("application/json", MediaType);
        Assert.Equal("no-store", Headers["Cache-Control"]);
        return Json;
    }

    /// <summary>The body, once it is sure that it is the problem of a status and type.</summary>
    public JsonElement Problem(int status, string type)
    {
        Expect(status);
        Assert.Equal("application/problem+json", MediaType);
        var problem = Json;
        Assert.Equal($"urn:uniquerandom:problem:{type}", problem.GetProperty("type").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        var isTransient = status == 429 || status == 503 && type is not ("out-of-disk" or "out-of-memory");
        Assert.Equal(isTransient, Headers.ContainsKey("Retry-After"));
        return problem;
    }

    /// <summary>The request breaks a rule, and the answer says in which field.</summary>
    public void Invalid(string field) => Assert.Equal(field, Problem(400, "invalid-request").GetProperty("field").GetString());
}
