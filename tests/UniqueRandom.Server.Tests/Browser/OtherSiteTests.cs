using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Browser;

/// <summary>A page of another site in a real browser, on the machine of somebody who can reach the server.</summary>
public sealed class OtherSiteTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Theory]
    [InlineData("evil.example")]
    // The same site for a browser, on another port.
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task A_page_of_another_site_draws_and_changes_nothing(string host)
    {
        await using var site = await OtherSite.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var before = await server.WhatIsDrawnAsync();
        var (page, _) = await chromium.OpenAsync($"http://{host}:{site.Port}/");

        var answered = await page.MakeAsync($"http://127.0.0.1:{server.Address.Port}");

        Assert.Equal(before, await server.WhatIsDrawnAsync());
        AssertAnswered(answered, 403);
    }

    [Fact]
    public async Task A_page_of_another_site_can_neither_go_to_a_draw_nor_show_the_documentation()
    {
        await using var site = await OtherSite.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var before = await server.WhatIsDrawnAsync();
        var (page, _) = await chromium.OpenAsync($"http://evil.example:{site.Port}/");

        var navigation = page.WaitForNavigationAsync();
        await page.EvaluateFunctionAsync("address => { location = address }", $"{server.Address}random");
        Assert.Equal(403, (int)(await navigation).Status);

        (page, _) = await chromium.OpenAsync($"http://evil.example:{site.Port}/");
        await page.EvaluateFunctionAsync(
            """
            async src => {
                const frame = document.createElement('iframe');
                frame.src = src;
                document.body.append(frame);
                await new Promise(end => frame.onload = end);
            }
            """,
            $"{server.Address}docs/index.html");
        Assert.StartsWith("chrome-error://", page.Frames[1].Url, StringComparison.Ordinal);

        Assert.Equal(before, await server.WhatIsDrawnAsync());
    }

    [Fact]
    public async Task A_name_that_is_rebound_to_this_machine_reads_and_draws_nothing()
    {
        await using var chromium = await Chromium.StartAsync();
        var before = await server.WhatIsDrawnAsync();
        var rebound = $"http://evil.example:{server.Address.Port}";

        foreach (var path in (string[])["/", "/docs", "/pools", "/random"])
            Assert.Equal(421, (await chromium.OpenAsync(rebound + path)).Status);
        var (page, _) = await chromium.OpenAsync($"{rebound}/health");
        var answered = await page.MakeAsync(rebound);

        Assert.Equal(before, await server.WhatIsDrawnAsync());
        AssertAnswered(answered, 421);
    }

    /// <summary>
    /// Browsers send Sec-Fetch-Site to no server that plain HTTP on a network leads to. Origin is what remains, on all but plain
    /// reads.
    /// </summary>
    [Fact]
    public async Task On_a_network_a_page_of_another_site_changes_nothing_and_the_own_page_does()
    {
        using var directory = new TemporaryDirectory();
        await using var everybody = await ServerProcess.StartAsync(
            directory, "--allow-anonymous", "--allowed-hosts", "numbers.example");
        await using var site = await OtherSite.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var address = $"http://numbers.example:{everybody.Address.Port}";

        var (other, _) = await chromium.OpenAsync($"http://evil.example:{site.Port}/");
        var answered = await other.MakeAsync(address);
        Assert.Contains(("POST /pools/default/draws", 403), answered);
        Assert.Contains(("POST /pools/default/close", 403), answered);
        Assert.DoesNotContain(answered, answer => answer.Request.StartsWith('P') && answer.Status < 400);
        var pools = (await everybody.Client.FetchAsync("/pools")).Success(200).GetProperty("pools").EnumerateArray();
        Assert.Equal("open", Assert.Single(pools).GetProperty("state").GetString());

        var (own, _) = await chromium.OpenAsync($"{address}/docs/index.html");
        var statuses = await own.EvaluateFunctionAsync<int[]>(
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

    /// <summary>
    /// The server has answered, so the browser has not refused in its place; and it has answered with nothing but refusals.
    /// </summary>
    private static void AssertAnswered(List<(string Request, int Status)> answered, int refusal)
    {
        string[] sent =
        [
            "GET /random", "HEAD /random", "GET /pools/default/random", "POST /pools/default/draws",
            "POST /pools/default/close", "POST /pools/page",
        ];
        foreach (var request in sent)
            Assert.Contains(answered, answer => answer == (request, refusal));
        Assert.DoesNotContain(answered, answer => answer.Status < 400 && answer.Request != "GET /health");
    }
}
