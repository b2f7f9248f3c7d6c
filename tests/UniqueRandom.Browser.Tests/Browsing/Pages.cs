using Microsoft.Playwright;

namespace UniqueRandom.Browser.Tests.Browsing;

/// <summary>Opens pages.</summary>
internal static class Pages
{
    /// <summary>Opens a page, and returns it with the status of the answer.</summary>
    public static async Task<(IPage Page, int Status)> OpenAsync(this IBrowserContext context, string address)
    {
        var page = await context.NewPageAsync();
        var response = await page.GotoAsync(address);
        return (page, response!.Status);
    }
}
