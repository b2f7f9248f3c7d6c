using Microsoft.Playwright;
using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using static Microsoft.Playwright.Assertions;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>The dashboard without a pointer.</summary>
public sealed class KeyboardTests(Chromium chromium, ApiServer server) : IClassFixture<ApiServer>
{
    private const string Outline = "getComputedStyle(document.activeElement).outlineStyle";

    [Fact]
    public async Task A_number_is_drawn_from_the_list_with_keys_alone()
    {
        await using var dashboard = await DashboardPage.OpenAsync(chromium, server.Address);
        var page = dashboard.Page;
        await Expect(page.Card("default")).ToBeVisibleAsync();

        await TabToAsync(page, page.Link("Skip to the content"));
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, page.Search());
        await page.Keyboard.TypeAsync("def");
        await TabToAsync(page, page.GetByRole(AriaRole.Combobox));
        await TabToAsync(page, page.Link("default"));
        await page.Keyboard.PressAsync("Enter");
        // The list has a heading of the same name.
        await Expect(page.Link("All pools")).ToBeVisibleAsync();
        await TabToAsync(page, page.Link("All pools"));
        await TabToAsync(page, page.Field("how many"));
        await page.Keyboard.TypeAsync("2");
        await TabToAsync(page, page.Field("reference, optional"));
        await page.Keyboard.TypeAsync("order-4711");
        await TabToAsync(page, page.Button("Draw"));
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Result()).ToContainTextAsync("positions 0 to 1");
        Assert.Equal(2, await server.Client.DrawnAsync("default"));
        dashboard.Watch.AssertNone();
    }

    [Fact]
    public async Task The_skip_link_stays_on_the_page_of_a_pool()
    {
        var pool = await server.CreatePoolAsync(10);
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, pool);
        var page = dashboard.Page;
        await Expect(page.Heading($"{pool} open")).ToBeVisibleAsync();

        await TabToAsync(page, page.Link("Skip to the content"));
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByRole(AriaRole.Main)).ToBeFocusedAsync();
        await page.ReloadAsync();
        await Expect(page.Heading($"{pool} open")).ToBeVisibleAsync();
        dashboard.Watch.AssertNone();
    }

    [Fact]
    public async Task A_key_that_is_held_draws_once()
    {
        var pool = await server.CreatePoolAsync(1000);
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, pool);
        var page = dashboard.Page;
        await page.Field("how many").FocusAsync();

        await page.Keyboard.DownAsync("Enter");
        await Expect(page.Result()).ToContainTextAsync("position 0");
        await page.Keyboard.DownAsync("Enter");
        await page.Keyboard.UpAsync("Enter");

        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Result()).ToContainTextAsync("position 1");
        Assert.Equal(2, await server.Client.DrawnAsync(pool));
        dashboard.Watch.AssertNone();
    }

    /// <summary>Presses Tab, and verifies that the focus is where it is expected, and visible.</summary>
    private static async Task TabToAsync(IPage page, ILocator expected)
    {
        await page.Keyboard.PressAsync("Tab");
        await Expect(expected).ToBeFocusedAsync();
        Assert.Equal("solid", await page.EvaluateAsync<string>(Outline));
    }
}
