using UniqueRandom.Testing.Fixtures;

namespace UniqueRandom.Browser.Tests.Browsing;

/// <summary>Verifies that a test that watches its pages notices each kind of fault.</summary>
public sealed class PageWatchTests(Chromium chromium, ApiServer server) : IClassFixture<ApiServer>
{
    [Theory]
    [InlineData("console.error('broken')", "error: broken")]
    [InlineData("console.warn('doubtful')", "warning: doubtful")]
    [InlineData("new Promise(end => setTimeout(() => { end(); throw new Error('thrown') }))", "exception: Error: thrown")]
    [InlineData("fetch('http://127.0.0.1:1/').catch(() => {})", "failed: GET http://127.0.0.1:1/ net::ERR_UNSAFE_PORT")]
    [InlineData("fetch('/pools/none')", "error: Failed to load resource: the server responded with a status of 404 (Not Found)")]
    public async Task A_fault_of_a_page_is_noticed(string script, string fault)
    {
        await using var context = await chromium.NewContextAsync();
        // A page without an icon asks for /favicon.ico at any time.
        await context.RouteAsync("**/health", route => route.FulfillAsync(new()
        {
            ContentType = "text/html",
            Body = "<!doctype html><link rel=icon href='data:,'>",
        }));
        var watch = new PageWatch(context);
        var (page, _) = await context.OpenAsync($"{server.Address}health");
        watch.AssertNone();

        await page.EvaluateAsync(script);

        Assert.Contains(watch.Faults, noticed => noticed.StartsWith(fault, StringComparison.Ordinal));
        Assert.Throws<Xunit.Sdk.TrueException>(watch.AssertNone);
    }
}
