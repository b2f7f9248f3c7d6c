using Microsoft.Playwright;
using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using static Microsoft.Playwright.Assertions;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>The totals of all pools.</summary>
public sealed class TotalTests(Chromium chromium, ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task The_totals_add_all_pools_up_and_name_the_one_that_ends_next()
    {
        var pool = await server.CreatePoolAsync(5000);
        await using var dashboard = await DashboardPage.OpenAsync(chromium, server.Address);
        await Expect(dashboard.Page.GetByRole(AriaRole.Term)).ToHaveTextAsync(["drawn", "numbers a second", "next to run out"]);
        var totals = dashboard.Page.GetByRole(AriaRole.Definition);
        await Expect(totals).ToHaveTextAsync(["0", "0", "none"]);

        (await server.Client.DrawAsync("default", 60)).Success(201);
        (await server.Client.DrawAsync(pool, 3000)).Success(201);

        await Expect(totals.Nth(0)).ToHaveTextAsync("3,060");
        await Expect(totals.Nth(1)).ToHaveTextAsync("51");
        await Expect(totals.Nth(2)).ToHaveTextAsync($"{pool}, in 40 s");
        dashboard.Watch.AssertNone();
    }
}
