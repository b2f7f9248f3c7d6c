using Microsoft.Playwright;
using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using static Microsoft.Playwright.Assertions;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>Closing a pool on its page.</summary>
public sealed class ClosingTests(Chromium chromium, ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task A_pool_is_closed_only_after_its_name_was_typed()
    {
        var pool = await server.CreatePoolAsync(1000);
        (await server.Client.DrawAsync(pool, 1)).Success(201);
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, pool);
        var page = dashboard.Page;
        await page.Button("Close…").ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = $"Close {pool} for ever?" });
        await Expect(dialog).ToContainTextAsync("999 numbers are left, and none of them will ever be drawn.");
        var typed = page.Field("Type the name of the pool to confirm");

        await Expect(page.Button("Close for ever")).ToBeDisabledAsync();
        await typed.FillAsync(pool[..^1]);
        await Expect(page.Button("Close for ever")).ToBeDisabledAsync();
        await typed.PressAsync("Enter");
        await Expect(dialog).ToBeVisibleAsync();
        await typed.FillAsync(pool);
        Assert.Equal("open", (await server.Client.StatusAsync(pool)).GetProperty("state").GetString());
        await page.Button("Close for ever").ClickAsync();

        await Expect(page.Heading($"{pool} closed")).ToBeVisibleAsync();
        await Expect(dialog).ToBeHiddenAsync();
        var seed = (await server.Client.StatusAsync(pool)).GetProperty("seed").GetString()!;
        await Expect(page.GetByText(seed)).ToBeVisibleAsync();
        await Expect(page.Button("Draw")).ToBeHiddenAsync();
        await Expect(page.Button("Close…")).ToBeHiddenAsync();
        dashboard.Watch.AssertNone();
    }

    [Theory]
    [InlineData("Escape")]
    [InlineData("Keep it open")]
    public async Task A_dialog_that_is_left_closes_nothing(string way)
    {
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, "default");
        var page = dashboard.Page;
        await page.Button("Close…").ClickAsync();
        await page.Field("Type the name of the pool to confirm").FillAsync("default");

        if (way == "Escape")
            await page.Keyboard.PressAsync(way);
        else
            await page.Button(way).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        await Expect(page.Button("Close…")).ToBeFocusedAsync();
        Assert.Equal("open", (await server.Client.StatusAsync("default")).GetProperty("state").GetString());
        dashboard.Watch.AssertNone();
    }
}
