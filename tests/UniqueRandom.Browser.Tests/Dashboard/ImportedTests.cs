using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using static Microsoft.Playwright.Assertions;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>Pools with imported numbers.</summary>
public sealed class ImportedTests(Chromium chromium, ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task The_page_of_a_pool_shows_what_was_imported()
    {
        (await server.Client.ImportPoolAsync("imported", "{\"minimum\":1,\"maximum\":10}\n7\n10\n3\n")).Success(201);
        var hash = (await server.Client.StatusAsync("imported")).GetProperty("importedSha256").GetString();
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, "imported");
        var page = dashboard.Page;

        await Expect(page.GetByText($"3 numbers, SHA-256 {hash}")).ToBeVisibleAsync();
        await Expect(page.Row(1).GetByRole(Microsoft.Playwright.AriaRole.Cell).Nth(1)).ToContainTextAsync("3");
        await page.Button("Draw").ClickAsync();
        await Expect(page.Result()).ToContainTextAsync("position 3");
        dashboard.Watch.AssertNone();
    }
}
