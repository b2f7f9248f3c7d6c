using System.Collections.Concurrent;
using PuppeteerSharp;
using UniqueRandom.Server.Tests.Fixtures;

namespace UniqueRandom.Server.Tests.Browser;

/// <summary>The interactive page in a real browser, under its Content-Security-Policy.</summary>
public sealed class DocsPageTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task The_page_is_shown_whole_and_a_route_can_be_tried()
    {
        await using var chromium = await Chromium.StartAsync();
        var (page, _) = await chromium.OpenAsync("about:blank");
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
        Assert.Equal("default 1", (await server.WhatIsDrawnAsync()).Replace(" open", "", StringComparison.Ordinal));
        Assert.Empty(errors);
        if (Environment.GetEnvironmentVariable("SCREENSHOT") is { } path)
            await page.ScreenshotAsync(path);
    }

    private static async Task ClickAsync(IPage page, string selector)
    {
        await page.WaitForSelectorAsync(selector);
        // Without a pointer: the page still moves while it unfolds.
        await page.EvaluateFunctionAsync("selector => document.querySelector(selector).click()", selector);
    }
}
