using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Verification;

/// <summary>The page at /verify as it is sent.</summary>
public sealed partial class VerificationPageTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Only_the_script_and_the_style_of_the_page_are_allowed()
    {
        var answer = await server.Client.FetchAsync("/verify");

        var policy = answer.PagePolicy();
        Assert.Contains("connect-src 'none'", policy);
        Assert.Contains("worker-src blob:", policy);
        Assert.Contains("require-trusted-types-for 'script'", policy);
        Assert.Contains($"script-src {HashOf("script", answer.Text)}", policy);
        Assert.Contains($"style-src {HashOf("style", answer.Text)}", policy);
        Assert.DoesNotContain(policy, rule => rule.Contains("unsafe", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_page_has_its_policy_in_it()
    {
        var answer = (await server.Client.FetchAsync("/verify")).Expect(200);

        var policy = answer.Headers["Content-Security-Policy"].Replace("; frame-ancestors 'none'", "", StringComparison.Ordinal);
        var meta = $"<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">";
        var style = answer.Text.IndexOf("<style>", StringComparison.Ordinal);
        Assert.InRange(answer.Text.IndexOf(meta, StringComparison.Ordinal), 0, style);
    }

    [Fact]
    public async Task A_browser_asks_whether_its_copy_is_still_the_same()
    {
        using var first = await server.Client.GetAsync("/verify");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/verify");
        again.Headers.IfNoneMatch.Add(Assert.IsType<EntityTagHeaderValue>(first.Headers.ETag));

        using var second = await server.Client.SendAsync(again);

        Assert.Equal("no-cache", first.Headers.CacheControl?.ToString());
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    private static string HashOf(string element, string page)
    {
        var inline = Assert.Single(Inline().Matches(page), match => match.Groups[1].Value == element).Groups[2].Value;
        return $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(inline)))}'";
    }

    [GeneratedRegex("<(script|style)>(.*?)</\\1>", RegexOptions.Singleline)]
    private static partial Regex Inline();
}
