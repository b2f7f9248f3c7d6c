using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Dashboard;

/// <summary>The route / and the files of the dashboard.</summary>
public sealed class HomeTests(ApiServer server) : IClassFixture<ApiServer>
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("text/html")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")]
    public async Task A_browser_gets_the_dashboard(string accept)
    {
        var answer = (await server.Client.FetchAsync("/", accept: accept)).Expect(200);

        Assert.StartsWith("text/html", answer.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Contains("<title>UniqueRandom</title>", answer.Text, StringComparison.Ordinal);
        Assert.Equal("Accept", answer.Headers["Vary"]);
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData(null)]
    [InlineData("text/html;q=0")]
    [InlineData("no type")]
    public async Task Others_get_five_lines_whose_commands_name_this_server(string? accept)
    {
        var answer = (await server.Client.FetchAsync("/", accept: accept)).Expect(200);

        Assert.StartsWith("text/plain", answer.Headers["Content-Type"], StringComparison.Ordinal);
        var lines = answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, lines.Length);
        Assert.Equal(3, lines.Count(line => line.Contains($"{server.Address}", StringComparison.Ordinal)
            && line.Contains(" curl ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_commands_have_a_key_if_the_server_wants_one()
    {
        using var directory = new TemporaryDirectory();
        await using var keyed = await ServerProcess.StartAsync(
            directory, KeyHolder.Environment(new KeyHolder("shop", "draw")), "--maximum", "10");

        var text = await keyed.Client.GetStringAsync("/", CancellationToken);

        Assert.Contains("curl -H \"Authorization: Bearer $key\" ", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/dashboard/app.js")]
    [InlineData("/dashboard/worker.js")]
    [InlineData("/dashboard/views/list.js")]
    [InlineData("/dashboard/app.css")]
    public async Task The_dashboard_runs_its_own_scripts_only_and_turns_no_text_into_markup(string path)
    {
        var answer = await server.Client.FetchAsync(path, accept: "text/html");

        var policy = answer.PagePolicy();
        Assert.Contains("script-src 'self'", policy);
        Assert.Contains("style-src 'self'", policy);
        Assert.Contains("require-trusted-types-for 'script'", policy);
        Assert.DoesNotContain(policy, rule => rule.Contains("unsafe", StringComparison.Ordinal));
        Assert.Equal("no-cache", answer.Headers["Cache-Control"]);
    }

    [Theory]
    [InlineData("/dashboard")]
    [InlineData("/dashboard/")]
    [InlineData("/dashboard/nothing.js")]
    [InlineData("/dashboard/../appsettings.json")]
    [InlineData("/dashboard/%2e%2e/openapi.json")]
    public async Task There_are_no_other_files(string path) =>
        // An HTTP client would resolve the dots.
        (await RawHttp.SendAsync(server.Address, "GET", path, "", []))!.Problem(404, "not-found");

    [Fact]
    public async Task A_file_is_compressed_and_sent_again_only_if_it_has_changed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/dashboard/app.css");
        request.Headers.AcceptEncoding.ParseAdd("br, gzip");
        using var first = await server.Client.SendAsync(request, CancellationToken);
        Assert.Equal(["br"], first.Content.Headers.ContentEncoding);

        using var again = new HttpRequestMessage(HttpMethod.Get, "/dashboard/app.css");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await server.Client.SendAsync(again, CancellationToken);
        Assert.Equal(304, (int)second.StatusCode);
    }
}
