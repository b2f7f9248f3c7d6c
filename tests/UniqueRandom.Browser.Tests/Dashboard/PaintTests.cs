using System.Globalization;
using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>How soon the dashboard is painted. A measurement, not a check.</summary>
public sealed class PaintTests(Chromium chromium, ApiServer server, ITestOutputHelper output) : IClassFixture<ApiServer>
{
    private const int Rounds = 15;

    /// <summary>The frame after the first card is in the document.</summary>
    private const string RememberPaint = """
        new MutationObserver((_, observer) => {
            if (!document.querySelector('main [role=progressbar]')) return;
            observer.disconnect();
            requestAnimationFrame(() => setTimeout(() => (globalThis.painted = performance.now())));
        }).observe(document, { childList: true, subtree: true });
        """;

    /// <summary>The last file of the page. The events never end.</summary>
    private const string SincePaint = """
        painted - Math.max(
            performance.getEntriesByType('navigation')[0].responseEnd,
            ...performance.getEntriesByType('resource').map(entry => entry.responseEnd))
        """;

    [Fact(Explicit = true)]
    public async Task The_time_from_the_last_byte_to_the_first_card()
    {
        var times = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            await using var context = await chromium.NewContextAsync();
            await context.AddInitScriptAsync(RememberPaint);
            var (page, _) = await context.OpenAsync(server.Address.ToString());
            await Expect(page.Card("default")).ToBeVisibleAsync();
            await page.WaitForFunctionAsync("globalThis.painted");
            times.Add(await page.EvaluateAsync<double>(SincePaint));
        }

        times.Sort();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"median {times[Rounds / 2]:0} ms, {times[0]:0} to {times[^1]:0} ms"));
    }
}
