using Microsoft.Playwright;

namespace UniqueRandom.Browser.Tests.Browsing;

/// <summary>
/// The headless browser that tests share, each with its own context. Names that end in <c>.example</c> resolve to this machine,
/// as after DNS rebinding.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>The shell is Chromium without windows. It needs half of the processor time.</summary>
    private static readonly string[] Programs = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

    /// <summary>A bound on a hang, not a measurement.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        if (Array.Find(Programs, File.Exists) is not { } program)
            return;
        playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(30_000);
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--no-first-run", "--host-resolver-rules=MAP *.example 127.0.0.1",
            ],
        });
    }

    /// <summary>
    /// Opens a context: a profile of its own, with its viewport and preferences. Skips the test if the browser is not installed.
    /// </summary>
    public async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions? options = null)
    {
        Assert.SkipUnless(browser is not null, "Chromium is not installed (apt-get install chromium-headless-shell).");
        var context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
    }
}
