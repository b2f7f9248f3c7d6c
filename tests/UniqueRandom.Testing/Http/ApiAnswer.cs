using System.Text.Json;

namespace UniqueRandom.Testing.Http;

/// <summary>An answer of the server with its whole body.</summary>
internal sealed record ApiAnswer(int Status, string? MediaType, IReadOnlyDictionary<string, string> Headers, string Text)
{
    public static async Task<ApiAnswer> ReadAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        response.Content.Headers.ContentType?.MediaType,
        response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase),
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    public JsonElement Json => JsonElement.Parse(Text);

    /// <summary>The body as one JSON object per line.</summary>
    public JsonElement[] Lines =>
        [.. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];

    public ApiAnswer Expect(int status)
    {
        Assert.True(Status == status, $"Expected {status} instead of {Status}: {Text}");
        return this;
    }

    /// <summary>Verifies success, and returns the body.</summary>
    public JsonElement Success(int status)
    {
        Expect(status);
        Assert.Equal("application/json", MediaType);
        Assert.Equal("no-store", Headers["Cache-Control"]);
        return Json;
    }

    /// <summary>
    /// Verifies that a page can't be framed and loads only what its policy names, and returns the rules of the policy.
    /// </summary>
    public string[] PagePolicy()
    {
        Expect(200);
        Assert.Equal("nosniff", Headers["X-Content-Type-Options"]);
        Assert.Equal("no-referrer", Headers["Referrer-Policy"]);
        var policy = Headers["Content-Security-Policy"].Split("; ");
        Assert.Contains("default-src 'none'", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.DoesNotContain(policy, rule => rule.Contains("unsafe-eval", StringComparison.Ordinal) || rule.Contains('*'));
        return policy;
    }

    /// <summary>Verifies that the body is a problem of the given status and type, and returns it.</summary>
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

    /// <summary>Verifies that the answer names an invalid field.</summary>
    public void Invalid(string field) => Assert.Equal(field, Problem(400, "invalid-request").GetProperty("field").GetString());
}
