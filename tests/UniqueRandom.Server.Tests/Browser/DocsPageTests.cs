using System.Collections.Concurrent;
using PuppeteerSharp;
using UniqueRandom.Testing.Fixtures;

namespace UniqueRandom.Server.Tests.Browser;

/// <summary>The interactive page in a real browser, under its Content-Security-Policy.</summary>
public sealed class DocsPageTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task The_page_renders_and_a_route_can_be_tried()
    {
        await using var chromium = await Chromium.StartAsync();
        var page = await chromium.OpenAsync();
        var errors = new ConcurrentQueue<string>();
        page.Console += (_, entry) =>
        {
            if (entry.Message.Type is ConsoleType.Error or ConsoleType.Warning)
                errors.Enqueue(entry.Message.Text);
        };
        page.PageError += (_, error) => errors.Enqueue(error.Message);
        page.RequestFailed += (_, failed) => errors.Enqueue($"{failed.Request.Url}: {failed.Request.FailureText}");

        await page.GoToAsync($"{server.Address}docs");
        await ClickAsync(page, "#operations-Draws-drawOne .opblock-summary-control");
        await ClickAsync(page, "#operations-Draws-drawOne .try-out__btn");
        await ClickAsync(page, "#operations-Draws-drawOne .execute");
        var answer = await page.WaitForSelectorAsync("#operations-Draws-drawOne .live-responses-table .response .microlight");

        Assert.Contains("\"number\":", await answer.EvaluateFunctionAsync<string>("element => element.textContent"));
        Assert.Equal("default 1", (await server.DescribePoolsAsync()).Replace(" open", "", StringComparison.Ordinal));
        Assert.Empty(errors);
    }

    private static async Task ClickAsync(IPage page, string selector)
    {
        await page.WaitForSelectorAsync(selector);
        // Clicks by script, because the page moves while a section expands.
        await page.EvaluateFunctionAsync("selector => document.querySelector(selector).click()", selector);
    }
}
