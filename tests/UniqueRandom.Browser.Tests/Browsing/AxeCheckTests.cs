namespace UniqueRandom.Browser.Tests.Browsing;

/// <summary>Verifies that the check runs under a strict policy, which the page keeps, and that it notices violations.</summary>
public sealed class AxeCheckTests(Chromium chromium)
{
    private const string Policy = "default-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private const string Good = """
        <!DOCTYPE html><html lang="en"><meta name="color-scheme" content="light dark"><title>Numbers</title>
        <main><h1>Numbers</h1></main></html>
        """;

    [Fact]
    public async Task A_page_with_a_strict_policy_passes_without_a_fault()
    {
        await using var site = await OtherSite.StartAsync(Good, Policy);
        await using var context = await chromium.NewContextAsync();
        var watch = new PageWatch(context);
        var (page, _) = await context.OpenAsync($"http://127.0.0.1:{site.Port}/");

        await page.AssertAccessibleAsync();

        watch.AssertNone();
    }

    [Theory]
    [InlineData("<input>", "Light:\nlabel: ")]
    [InlineData("<p style='background: #eee'>Pale in the dark</p>", "Dark:\ncolor-contrast: ")]
    public async Task A_violation_is_noticed(string element, string violation)
    {
        await using var site = await OtherSite.StartAsync(Good.Replace("</main>", $"{element}</main>", StringComparison.Ordinal));
        await using var context = await chromium.NewContextAsync();
        var (page, _) = await context.OpenAsync($"http://127.0.0.1:{site.Port}/");

        var failure = await Assert.ThrowsAsync<Xunit.Sdk.TrueException>(page.AssertAccessibleAsync);

        Assert.Contains(violation, failure.Message);
    }
}
