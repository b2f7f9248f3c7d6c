using PuppeteerSharp;
using UniqueRandom.Testing.Files;

namespace UniqueRandom.Server.Tests.Browser;

/// <summary>
/// A headless browser with its own profile. Names that end in <c>.example</c> resolve to this machine, as
/// after DNS rebinding.
/// </summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const string Program = "/usr/bin/chromium";

    private readonly TemporaryDirectory profile = new();
    private IBrowser browser = null!;

    private Chromium()
    {
    }

    /// <summary>Starts the browser. Skips the test if it is not installed.</summary>
    public static async Task<Chromium> StartAsync()
    {
        Assert.SkipUnless(File.Exists(Program), "Chromium is not installed (apt-get install chromium).");
        var chromium = new Chromium();
        try
        {
            chromium.browser = await Puppeteer.LaunchAsync(new LaunchOptions
            {
                ExecutablePath = Program,
                UserDataDir = chromium.profile.Path,
                Args =
                [
                    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
                    "--disable-sync", "--no-first-run", "\"--host-resolver-rules=MAP *.example 127.0.0.1\"",
                ],
            });
            return chromium;
        }
        catch
        {
            await chromium.DisposeAsync();
            throw;
        }
    }

    public Task<IPage> OpenAsync() => browser.NewPageAsync();

    /// <summary>Opens a page, and returns it with the status of the answer.</summary>
    public async Task<(IPage Page, int Status)> OpenAsync(string address)
    {
        var page = await OpenAsync();
        var response = await page.GoToAsync(address);
        return (page, (int)response.Status);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        profile.Dispose();
    }
}
