using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using static Microsoft.Playwright.Assertions;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>Text of others that looks like markup.</summary>
public sealed class HostileTextTests(Chromium chromium, ApiServer server) : IClassFixture<ApiServer>
{
    private const string Markup = """<img src=x onerror="isRun = true"><script>isRun = true</script>""";

    [Fact]
    public async Task A_reference_is_shown_as_text()
    {
        var pool = await server.CreatePoolAsync(1000);
        var number = (await server.Client.DrawAsync(pool, 1, Markup)).Success(201).Numbers().Single();
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, pool);
        var page = dashboard.Page;

        await Expect(page.Row(1)).ToContainTextAsync(Markup);
        await page.LookUpAsync($"{number}");
        await Expect(page.GetByText($"{number.Shown()} was drawn")).ToContainTextAsync($"for {Markup}.");
        await page.Field("reference, optional").FillAsync(Markup);
        await page.Button("Draw").ClickAsync();
        await Expect(page.Result()).ToContainTextAsync("position 1");
        await Expect(page.Row(2)).ToContainTextAsync(Markup);

        await AssertNothingRanAsync(dashboard);
    }

    [Theory]
    [InlineData("<img src=x onerror=isRun=true>")]
    [InlineData("%3Cimg%20src%3Dx%20onerror%3DisRun%3Dtrue%3E")]
    [InlineData("%")]
    [InlineData("../default/random")]
    public async Task An_address_of_no_pool_shows_that_there_is_none(string pool)
    {
        var before = await server.DescribePoolsAsync();
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, pool);

        await Expect(dashboard.Page.Heading("There is no such pool")).ToBeVisibleAsync();

        Assert.Equal(before, await server.DescribePoolsAsync());
        await AssertNothingRanAsync(dashboard);
    }

    private static async Task AssertNothingRanAsync(DashboardPage dashboard)
    {
        await Expect(dashboard.Page.Locator("img, main script")).ToHaveCountAsync(0);
        Assert.False(await dashboard.Page.EvaluateAsync<bool>("'isRun' in globalThis"));
        dashboard.Watch.AssertNone();
    }
}
