using Microsoft.Playwright;
using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using static Microsoft.Playwright.Assertions;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>Draws on the page of a pool.</summary>
public sealed class DrawTests(Chromium chromium, ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task The_number_shown_is_the_one_in_the_log()
    {
        var pool = await server.CreatePoolAsync(1_000_000);
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, pool);
        var page = dashboard.Page;

        await page.Button("Draw").ClickAsync();
        await Expect(page.Result()).ToContainTextAsync("position 0");

        var number = Assert.Single(await NumbersAsync(pool));
        await Expect(page.Result().GetByText(number.Shown(), new() { Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByText("1 drawn 999,999 left")).ToBeVisibleAsync();
        dashboard.Watch.AssertNone();
    }

    [Fact]
    public async Task Many_numbers_are_shown_as_lines_and_as_CSV()
    {
        var pool = await server.CreatePoolAsync(1000);
        (await server.Client.DrawAsync(pool, 5)).Success(201);
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, pool);
        var page = dashboard.Page;

        await page.Field("how many").FillAsync("25");
        await page.Field("reference, optional").FillAsync("order-4711");
        await page.Button("Draw").ClickAsync();
        await Expect(page.Result()).ToContainTextAsync("25 numbers positions 5 to 29");

        var numbers = (await NumbersAsync(pool))[5..];
        var drawn = page.Field("Drawn numbers");
        await Expect(drawn).ToHaveValueAsync(string.Join('\n', numbers));
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "as CSV, with positions" }).CheckAsync();
        await Expect(drawn).ToHaveValueAsync(
            string.Join('\n', numbers.Select((number, i) => $"{5 + i},{number}").Prepend("position,number")));
        dashboard.Watch.AssertNone();
    }

    [Fact]
    public async Task A_double_click_draws_once()
    {
        var pool = await server.CreatePoolAsync(1000);
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, pool);
        var page = dashboard.Page;
        await page.Button("Draw").HoverAsync();

        await page.Mouse.DownAsync(new() { ClickCount = 1 });
        await page.Mouse.UpAsync(new() { ClickCount = 1 });
        // The answer comes between the clicks.
        await Expect(page.Result()).ToContainTextAsync("position 0");
        await page.Mouse.DownAsync(new() { ClickCount = 2 });
        await page.Mouse.UpAsync(new() { ClickCount = 2 });

        // The next click draws the next number.
        await page.Button("Draw").ClickAsync();
        await Expect(page.Result()).ToContainTextAsync("position 1");
        Assert.Equal(2, await server.Client.DrawnAsync(pool));
        dashboard.Watch.AssertNone();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("10001")]
    [InlineData("1.5")]
    [InlineData("many")]
    public async Task A_count_out_of_range_is_refused_in_words(string count)
    {
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, "default");
        var page = dashboard.Page;

        await page.Field("how many").FillAsync(count);
        await page.Button("Draw").ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Enter how many numbers: 1 to 10,000.");
        Assert.Equal(0, await server.Client.DrawnAsync("default"));
        dashboard.Watch.AssertNone();
    }

    [Fact]
    public async Task An_exhausted_pool_says_so_and_keeps_the_result()
    {
        var pool = await server.CreatePoolAsync(3);
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, pool);
        var page = dashboard.Page;

        await page.Field("how many").FillAsync("5");
        await page.Button("Draw").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("has 3 of its 3 numbers left, fewer than requested");
        await page.Field("how many").FillAsync("3");
        await page.Button("Draw").ClickAsync();

        await Expect(page.Heading($"{pool} exhausted")).ToBeVisibleAsync();
        await Expect(page.GetByText("All numbers are drawn and the seed is public")).ToBeVisibleAsync();
        await Expect(page.Button("Draw")).ToBeHiddenAsync();
        await Expect(page.Field("Drawn numbers")).ToHaveValueAsync(string.Join('\n', await NumbersAsync(pool)));
        dashboard.Watch.AssertOnly("error: Failed to load resource: the server responded with a status of 409 (Conflict)");
    }

    private async Task<long[]> NumbersAsync(string pool) =>
        (await server.Client.FetchAsync($"/pools/{pool}/draws")).Expect(200).Lines.NumbersFrom(0);
}
