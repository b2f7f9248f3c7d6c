using System.Text.Json;
using Microsoft.Playwright;
using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using static Microsoft.Playwright.Assertions;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>Draws that the server makes and whose answers don't arrive.</summary>
public sealed class LostAnswerTests(Chromium chromium, ApiServer server) : IClassFixture<ApiServer>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_next_click_shows_the_same_numbers(bool isReloaded)
    {
        var pool = await server.CreatePoolAsync(1000);
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, pool);
        var page = dashboard.Page;
        await page.Field("how many").FillAsync("3");
        await page.Field("reference, optional").FillAsync("order-4711");
        await page.RouteAsync($"**/pools/{pool}/draws", LoseAnswerAsync);
        await page.Button("Draw").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The server did not answer.");
        Assert.Equal(3, await server.Client.DrawnAsync(pool));
        await page.UnrouteAllAsync();
        if (isReloaded)
            await page.ReloadAsync();

        await Expect(page.GetByText("The answer to the last draw was lost.")).ToBeVisibleAsync();
        await Expect(page.Field("how many")).ToHaveValueAsync("3");
        await Expect(page.Field("how many")).Not.ToBeEditableAsync();
        await page.Button("Ask again").ClickAsync();

        await Expect(page.Result()).ToContainTextAsync("drawn before, answered again");
        var draw = Assert.Single((await server.Client.FetchAsync($"/pools/{pool}/draws")).Expect(200).Lines);
        Assert.Equal("order-4711", draw.GetProperty("reference").GetString());
        await Expect(page.Field("Drawn numbers")).ToHaveValueAsync(string.Join('\n', draw.Numbers()));

        // The next draw is another one.
        await page.Button("Draw").ClickAsync();
        await Expect(page.Result()).ToContainTextAsync("positions 3 to 5");
        dashboard.Watch.AssertOnly(
            "error: Failed to load resource: net::ERR_CONNECTION_RESET",
            $"failed: POST {server.Address}pools/{pool}/draws net::ERR_CONNECTION_RESET");
    }

    [Fact]
    public async Task A_draw_of_the_last_numbers_can_be_asked_for_after_the_pool_has_ended()
    {
        var pool = await server.CreatePoolAsync(1);
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, pool);
        var page = dashboard.Page;
        await page.RouteAsync($"**/pools/{pool}/draws", LoseAnswerAsync);
        await page.Button("Draw").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The server did not answer.");
        await Expect(page.Heading($"{pool} exhausted")).ToBeVisibleAsync();
        await page.UnrouteAllAsync();

        await page.Button("Ask again").ClickAsync();

        await Expect(page.Result()).ToContainTextAsync("1 position 0");
        await Expect(page.Button("Draw")).ToBeHiddenAsync();
        dashboard.Watch.AssertOnly(
            "error: Failed to load resource: net::ERR_CONNECTION_RESET",
            $"failed: POST {server.Address}pools/{pool}/draws net::ERR_CONNECTION_RESET");
    }

    [Fact]
    public async Task A_draw_that_was_refused_is_not_lost()
    {
        const string Detail = "10000 draws are waiting. Nothing was drawn. Retry in a second.";
        var pool = await server.CreatePoolAsync(10);
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, pool);
        var page = dashboard.Page;
        await page.RouteAsync($"**/pools/{pool}/draws", route => route.Request.Method != "POST"
            ? route.FallbackAsync()
            : route.FulfillAsync(new()
            {
                Status = 503,
                ContentType = "application/problem+json",
                Body = JsonSerializer.Serialize(new { type = "urn:uniquerandom:problem:queue-full", detail = Detail }),
            }));

        await page.Button("Draw").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(Detail);
        await Expect(page.GetByText("The answer to the last draw was lost.")).ToBeHiddenAsync();
        await page.UnrouteAllAsync();
        await page.Field("how many").FillAsync("2");
        await page.Button("Draw").ClickAsync();

        await Expect(page.Result()).ToContainTextAsync("positions 0 to 1");
        dashboard.Watch.AssertOnly(
            "error: Failed to load resource: the server responded with a status of 503 (Service Unavailable)");
    }

    private static async Task LoseAnswerAsync(IRoute route)
    {
        if (route.Request.Method != "POST")
        {
            await route.FallbackAsync();
            return;
        }

        Assert.Equal(201, (await route.FetchAsync()).Status);
        await route.AbortAsync("connectionreset");
    }
}
