using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Fixtures;

namespace UniqueRandom.Browser.Tests.Docs;

/// <summary>The interactive page in a real browser, under its Content-Security-Policy.</summary>
public sealed class DocsPageTests(Chromium chromium, ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task The_page_renders_and_a_route_can_be_tried()
    {
        await using var context = await chromium.NewContextAsync();
        var watch = new PageWatch(context);
        var (page, _) = await context.OpenAsync($"{server.Address}docs");

        var route = page.Locator("#operations-Draws-drawOne");
        await route.Locator(".opblock-summary-control").ClickAsync();
        await route.Locator(".try-out__btn").ClickAsync();
        await route.Locator(".execute").ClickAsync();
        var answer = await route.Locator(".live-responses-table .response .microlight").First.TextContentAsync();

        Assert.Contains("\"number\":", answer);
        Assert.Equal("default 1 1000", (await server.DescribePoolsAsync()).Replace(" open", "", StringComparison.Ordinal));
        watch.AssertNone();
    }

    [Fact(Explicit = true)]
    public async Task Screenshots_of_the_page_can_be_taken()
    {
        var screenshots = Screenshots.Enabled();
        await using var context = await chromium.NewContextAsync();
        var watch = new PageWatch(context);
        var (page, _) = await context.OpenAsync($"{server.Address}docs");
        await page.Locator("#operations-Draws-drawOne").WaitForAsync();

        await screenshots.TakeAsync(page, "docs");

        watch.AssertNone();
    }
}
