using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Docs;

/// <summary>The security headers for browsers.</summary>
public sealed class PageHeaderTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Theory]
    [InlineData("/docs/index.html")]
    [InlineData("/docs/index.js")]
    [InlineData("/docs/swagger-ui.css")]
    public async Task A_page_loads_nothing_from_other_sites_and_cannot_be_framed(string path) =>
        Assert.Contains("script-src 'self'", (await server.Client.FetchAsync(path)).PagePolicy());

    [Theory]
    [InlineData("/pools", 200, null)]
    [InlineData("/pools/default/draws", 200, "text/csv")]
    [InlineData("/pools/default/draws", 200, null)]
    [InlineData("/pools/default/numbers/1", 200, null)]
    [InlineData("/pools/nowhere", 404, null)]
    [InlineData("/nowhere", 404, null)]
    public async Task Content_sniffing_is_disabled(string path, int status, string? accept)
    {
        var answer = (await server.Client.FetchAsync(path, accept: accept)).Expect(status);

        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
    }
}
