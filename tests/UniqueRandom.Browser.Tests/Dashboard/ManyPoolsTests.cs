using Microsoft.Playwright;
using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using static Microsoft.Playwright.Assertions;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>A server with many pools.</summary>
public sealed class ManyPoolsTests(Chromium chromium, ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task All_are_shown_and_one_is_found()
    {
        foreach (var number in Enumerable.Range(0, 500))
            (await server.Client.CreatePoolAsync($"raffle-{number:d3}", 1, 10)).Success(201);
        await using var dashboard = await DashboardPage.OpenAsync(chromium, server.Address);
        var page = dashboard.Page;
        var cards = page.GetByRole(AriaRole.Listitem);
        await Expect(page.GetByText("501 pools")).ToBeVisibleAsync();
        await Expect(cards).ToHaveCountAsync(501);

        await page.Search().FillAsync("317");
        await Expect(page.GetByText("1 of 501 pools")).ToBeVisibleAsync();
        await Expect(cards).ToHaveCountAsync(1);
        await page.Link("raffle-317").ClickAsync();

        await Expect(page.Heading("raffle-317 open")).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Expect(cards).ToHaveCountAsync(1);
        dashboard.Watch.AssertNone();

        // Its own page may be described by a late part of the first messages.
        await using var linked = await DashboardPage.OpenPoolAsync(chromium, server.Address, "raffle-317");
        await Expect(linked.Page.Heading("raffle-317 open")).ToBeVisibleAsync();
        (await server.Client.DrawAsync("raffle-317", 3)).Success(201);
        await Expect(linked.Page.GetByText("3 drawn 7 left")).ToBeVisibleAsync();
        linked.Watch.AssertNone();
    }
}
