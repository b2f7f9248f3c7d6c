using System.Globalization;
using Microsoft.Playwright;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>Finds what a page shows by role and name, as assistive software does.</summary>
internal static class Locators
{
    public static ILocator Button(this IPage page, string name) =>
        page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public static ILocator Link(this IPage page, string name) =>
        page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    public static ILocator Heading(this IPage page, string name) =>
        page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true });

    public static ILocator Field(this IPage page, string name) =>
        page.GetByRole(AriaRole.Textbox, new() { Name = name, Exact = true });

    public static ILocator Search(this IPage page) => page.GetByRole(AriaRole.Searchbox, new() { Name = "Find a pool" });

    public static ILocator Card(this IPage page, string pool) =>
        page.GetByRole(AriaRole.Listitem).Filter(new() { Has = page.Link(pool) });

    /// <summary>The result of a draw.</summary>
    public static ILocator Result(this IPage page) =>
        page.GetByRole(AriaRole.Status).Filter(new() { HasText = "on disk before you saw it" });

    /// <summary>A row of the latest draws. Row 1 is the newest.</summary>
    public static ILocator Row(this IPage page, int row) => page.GetByRole(AriaRole.Row).Nth(row);

    /// <summary>Looks a number up.</summary>
    public static async Task LookUpAsync(this IPage page, string number)
    {
        await page.Field("number").FillAsync(number);
        await page.Button("Look up").ClickAsync();
    }

    /// <summary>A number as the page shows it.</summary>
    public static string Shown(this long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
