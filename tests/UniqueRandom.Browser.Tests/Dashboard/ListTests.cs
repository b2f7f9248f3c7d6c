using Microsoft.Playwright;
using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using static Microsoft.Playwright.Assertions;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>The list of pools.</summary>
public sealed class ListTests(Chromium chromium, ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task A_card_shows_a_draw_of_another_client_without_a_reload()
    {
        var pool = await server.CreatePoolAsync(2000);
        await using var dashboard = await DashboardPage.OpenAsync(chromium, server.Address);
        var page = dashboard.Page;
        var card = page.Card(pool);
        await Expect(card).ToContainTextAsync("0 drawn 2,000 left");
        await Expect(card).ToContainTextAsync("1 – 2,000");
        await Expect(card).ToContainTextAsync("open");
        await page.EvaluateAsync("isSamePage = true");

        (await server.Client.DrawAsync(pool, 500)).Success(201);

        await Expect(card).ToContainTextAsync("500 drawn 1,500 left");
        await Expect(card.GetByRole(AriaRole.Progressbar, new() { Name = $"{pool} drawn" }))
            .ToHaveAttributeAsync("aria-valuenow", "25");
        (await server.Client.DrawAsync(pool, 1500)).Success(201);
        await Expect(card).ToContainTextAsync("exhausted");
        Assert.True(await page.EvaluateAsync<bool>("isSamePage"));
        dashboard.Watch.AssertNone();
    }

    [Fact]
    public async Task A_pool_that_another_client_creates_appears()
    {
        await using var dashboard = await DashboardPage.OpenAsync(chromium, server.Address);
        await Expect(dashboard.Page.Card("default")).ToBeVisibleAsync();

        var pool = await server.CreatePoolAsync(10);

        await Expect(dashboard.Page.Card(pool)).ToContainTextAsync("10 left");
        dashboard.Watch.AssertNone();
    }

    [Fact]
    public async Task Pools_are_filtered_and_sorted_also_after_a_reload()
    {
        foreach (var (pool, count) in ((string, int)[])[("sort-a", 10), ("sort-b", 90), ("sort-c", 50)])
            await DrawFromNewPoolAsync(pool, count);
        await using var dashboard = await DashboardPage.OpenAsync(chromium, server.Address);
        var page = dashboard.Page;
        var names = page.GetByRole(AriaRole.Heading, new() { Level = 2 }).GetByRole(AriaRole.Link);

        await page.Search().FillAsync("SORT-");
        await Expect(names).ToHaveTextAsync(["sort-a", "sort-b", "sort-c"]);
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Sort by" }).SelectOptionAsync("share drawn");
        await Expect(names).ToHaveTextAsync(["sort-b", "sort-c", "sort-a"]);
        await page.ReloadAsync();
        await Expect(names).ToHaveTextAsync(["sort-b", "sort-c", "sort-a"]);
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Sort by" }).SelectOptionAsync("newest");
        await Expect(names).ToHaveTextAsync(["sort-c", "sort-b", "sort-a"]);
        await page.Search().FillAsync("no such name");
        await Expect(names).ToHaveCountAsync(0);
        await Expect(page.GetByText("0 of ")).ToBeVisibleAsync();
        dashboard.Watch.AssertNone();
    }

    private async Task DrawFromNewPoolAsync(string pool, int count)
    {
        await server.Client.CreatePoolAsync(pool, 1, 100);
        while ((await server.Client.DrawAsync(pool, count)).Status != 201)
            await Task.Yield();
    }
}
