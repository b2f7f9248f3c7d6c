using Microsoft.Playwright;
using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using static Microsoft.Playwright.Assertions;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>Ranges at both ends of the 64-bit integers, which JavaScript numbers don't hold exactly.</summary>
public sealed class LargeNumberTests(Chromium chromium, ApiServer server) : IClassFixture<ApiServer>
{
    [Theory]
    [InlineData("highest", 9223372036854775000, 9223372036854775807)]
    [InlineData("lowest", -9223372036854775808, -9223372036854775000)]
    [InlineData("around-zero", -5, 5)]
    public async Task A_number_is_drawn_and_looked_up_exactly(string pool, long minimum, long maximum)
    {
        await using var dashboard = await DashboardPage.OpenAsync(chromium, server.Address, "#/new");
        var page = dashboard.Page;
        await page.Field("name").FillAsync(pool);
        await page.Field("smallest number").FillAsync($"{minimum}");
        await page.Field("largest number").FillAsync($"{maximum}");
        await page.Button("Create").ClickAsync();
        await Expect(page.GetByText($"{minimum.Shown()} – {maximum.Shown()}")).ToBeVisibleAsync();

        await page.Button("Draw").ClickAsync();
        await Expect(page.Result()).ToContainTextAsync("position 0");

        var number = (await server.Client.FetchAsync($"/pools/{pool}/draws")).Expect(200).Lines.NumbersFrom(0).Single();
        await Expect(page.Result().GetByText(number.Shown(), new() { Exact = true })).ToBeVisibleAsync();
        await Expect(page.Row(1).GetByRole(AriaRole.Cell).Nth(1)).ToHaveTextAsync(number.Shown());
        await page.LookUpAsync($"{number}");
        await Expect(page.GetByText($"{number.Shown()} was drawn")).ToContainTextAsync("at position 0.");
        var other = number == maximum ? minimum : maximum;
        await page.LookUpAsync($"{other}");
        await Expect(page.GetByText($"{other.Shown()} is not drawn.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Img)).ToHaveAccessibleNameAsync(
            "Positions and numbers of 1 of the 1 drawn numbers. In an honest order they spread evenly.");
        dashboard.Watch.AssertNone();
    }
}
