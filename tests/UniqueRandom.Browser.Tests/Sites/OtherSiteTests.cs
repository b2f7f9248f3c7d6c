using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Browser.Tests.Sites;

/// <summary>Pages of other sites in a real browser that can reach the server.</summary>
public sealed class OtherSiteTests(Chromium chromium, ApiServer server) : IClassFixture<ApiServer>
{
    [Theory]
    [InlineData("evil.example")]
    // Browsers treat this as the same site on another port.
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task A_page_of_another_site_draws_and_changes_nothing(string host)
    {
        await using var site = await OtherSite.StartAsync();
        await using var context = await chromium.NewContextAsync();
        var before = await server.DescribePoolsAsync();
        var (page, _) = await context.OpenAsync($"http://{host}:{site.Port}/");

        var answered = await page.MakeAsync($"http://127.0.0.1:{server.Address.Port}");

        Assert.Equal(before, await server.DescribePoolsAsync());
        AssertAnswered(answered, 403);
    }

    [Fact]
    public async Task A_page_of_another_site_can_neither_navigate_to_a_draw_nor_frame_the_documentation()
    {
        await using var site = await OtherSite.StartAsync();
        await using var context = await chromium.NewContextAsync();
        var before = await server.DescribePoolsAsync();
        var (page, _) = await context.OpenAsync($"http://evil.example:{site.Port}/");

        var navigation = await page.RunAndWaitForResponseAsync(
            () => page.EvaluateAsync("address => { location = address }", $"{server.Address}random"), $"{server.Address}random");
        Assert.Equal(403, navigation.Status);

        (page, _) = await context.OpenAsync($"http://evil.example:{site.Port}/");
        await page.EvaluateAsync(
            """
            async src => {
                const frame = Object.assign(document.createElement('iframe'), { src });
                document.body.append(frame);
                await new Promise(end => frame.onload = end);
            }
            """,
            $"{server.Address}docs/index.html");
        // The page can notice the end of the navigation before the test does.
        await Eventually.TrueAsync(
            () => Task.FromResult(page.Frames.Any(frame => frame.Url.StartsWith("chrome-error://", StringComparison.Ordinal))),
            "the frame shows an error");

        Assert.Equal(before, await server.DescribePoolsAsync());
    }

    [Fact]
    public async Task A_name_rebound_to_this_machine_can_neither_read_nor_draw()
    {
        await using var context = await chromium.NewContextAsync();
        var before = await server.DescribePoolsAsync();
        var rebound = $"http://evil.example:{server.Address.Port}";

        foreach (var path in (string[])["/", "/docs", "/pools", "/random"])
            Assert.Equal(421, (await context.OpenAsync(rebound + path)).Status);
        var (page, _) = await context.OpenAsync($"{rebound}/health");
        var answered = await page.MakeAsync(rebound);

        Assert.Equal(before, await server.DescribePoolsAsync());
        AssertAnswered(answered, 421);
    }

    /// <summary>
    /// Over plain HTTP on a network, browsers don't send Sec-Fetch-Site. They send Origin, but not for an image or a link.
    /// </summary>
    [Fact]
    public async Task On_a_network_a_page_of_another_site_changes_nothing_and_a_page_of_the_server_can()
    {
        using var directory = new TemporaryDirectory();
        await using var anonymous = await ServerProcess.StartAsync(
            directory, "--allow-anonymous", "--allowed-hosts", "numbers.example");
        await using var site = await OtherSite.StartAsync();
        await using var context = await chromium.NewContextAsync();
        var address = $"http://numbers.example:{anonymous.Address.Port}";

        var (other, _) = await context.OpenAsync($"http://evil.example:{site.Port}/");
        var answered = await other.MakeAsync(address);
        Assert.Contains(("POST /pools/default/draws", 403), answered);
        Assert.Contains(("POST /pools/default/close", 403), answered);
        Assert.DoesNotContain(answered, answer => answer.Request.StartsWith('P') && answer.Status < 400);
        var pools = (await anonymous.Client.FetchAsync("/pools")).Success(200).GetProperty("pools").EnumerateArray();
        Assert.Equal("open", Assert.Single(pools).GetProperty("state").GetString());

        var (own, _) = await context.OpenAsync($"{address}/docs/index.html");
        var statuses = await own.EvaluateAsync<int[]>(
            """
            async () => {
                const json = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"count":1}' };
                const answers = [
                    await fetch('/random'),
                    await fetch('/pools/default/draws', json),
                    await fetch('/pools/default/draws', { ...json, mode: 'same-origin' }),
                ];
                return answers.map(answer => answer.status);
            }
            """);
        Assert.Equal([200, 201, 201], statuses);
    }

    /// <summary>Verifies that the requests reached the server and that the server refused all of them.</summary>
    private static void AssertAnswered(List<(string Request, int Status)> answered, int refusal)
    {
        string[] sent =
        [
            "GET /random", "HEAD /random", "GET /pools/default/random", "POST /pools/default/draws", "POST /pools/default/close",
            "POST /pools/page",
        ];
        foreach (var request in sent)
            Assert.Contains(answered, answer => answer == (request, refusal));
        Assert.DoesNotContain(answered, answer => answer.Status < 400 && answer.Request != "GET /health");
    }
}
