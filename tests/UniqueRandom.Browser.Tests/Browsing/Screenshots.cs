using Microsoft.Playwright;

namespace UniqueRandom.Browser.Tests.Browsing;

/// <summary>Writes pictures of views for people to look at.</summary>
internal sealed class Screenshots
{
    private const string Variable = "UNIQUERANDOM_SCREENSHOTS";

    private static readonly (int Width, int Height)[] Viewports = [(360, 740), (1280, 800)];

    private readonly string directory;

    private Screenshots(string directory) => this.directory = directory;

    /// <summary>Skips the test if no directory is given.</summary>
    public static Screenshots Enabled()
    {
        var directory = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(directory), $"Set {Variable} to a directory for the screenshots.");
        return new Screenshots(directory);
    }

    /// <summary>Takes the whole page, as it is now, on a phone and on a desktop, in light and in dark.</summary>
    public async Task TakeAsync(IPage page, string name)
    {
        foreach (var (width, height) in Viewports)
        {
            await page.SetViewportSizeAsync(width, height);
            foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                await page.ScreenshotAsync(new()
                {
                    Path = Path.Combine(directory, $"{name}-{width}-{scheme.ToString().ToLowerInvariant()}.png"),
                    FullPage = true,
                    Animations = ScreenshotAnimations.Disabled,
                });
            }
        }
    }
}
