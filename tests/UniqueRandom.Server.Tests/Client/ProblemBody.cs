using System.Text.Json;

namespace UniqueRandom.Server.Tests.Client;

/// <summary>The body of an answer that is an RFC 9457 problem.</summary>
internal static class ProblemBody
{
    /// <summary>Verifies that the answer is a whole problem of a type, and returns it.</summary>
    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response, string type)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.EndsWith(type, problem.GetProperty("type").GetString());
        Assert.Equal((int)response.StatusCode, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        return problem;
    }
}
