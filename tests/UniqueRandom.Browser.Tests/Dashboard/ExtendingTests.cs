using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using static Microsoft.Playwright.Assertions;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>Extending a pool on its page.</summary>
public sealed class ExtendingTests(Chromium chromium, ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task An_exhausted_pool_is_open_again_with_its_segments()
    {
        var pool = await server.CreatePoolAsync(1000);
        (await server.Client.DrawAsync(pool, 1000)).Success(201);
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, pool);
        var page = dashboard.Page;
        await Expect(page.Heading($"{pool} exhausted")).ToBeVisibleAsync();
        await page.Field("new largest number").FillAsync("1000");
        await page.Button("Extend").ClickAsync();
        await Expect(page.GetByText($"maximum must be above 1000, the maximum of the pool '{pool}'.")).ToBeVisibleAsync();

        await page.Field("new largest number").FillAsync("2500");
        await Expect(page.GetByText("1,500 numbers more")).ToBeVisibleAsync();
        await page.Button("Extend").ClickAsync();

        await Expect(page.Heading($"{pool} open")).ToBeVisibleAsync();
        await Expect(page.GetByText("1,001 – 2,500 stored, from position 1,000")).ToBeVisibleAsync();
        var segments = (await server.Client.StatusAsync(pool)).GetProperty("segments");
        await Expect(page.GetByText(segments[1].GetProperty("commitment").GetString()!)).ToBeVisibleAsync();
        await page.Button("Draw").ClickAsync();
        await Expect(page.Result()).ToBeVisibleAsync();
        dashboard.Watch.AssertOnly("error: Failed to load resource: the server responded with a status of 400 (Bad Request)");
    }
}
