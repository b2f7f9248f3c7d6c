using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace UniqueRandom.Browser.Tests.Browsing;

/// <summary>Checks the accessibility of pages with axe-core.</summary>
internal static class AxeCheck
{
    /// <summary>
    /// Verifies that a page, as it is now, violates no rule, in light and in dark. Motion is reduced, because axe would measure
    /// the contrast of colors in the middle of a transition.
    /// </summary>
    public static async Task AssertAccessibleAsync(this IPage page)
    {
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            var violations = (await page.RunAxe()).Violations;
            Assert.True(violations.Length == 0, $"{page.Url}, {scheme}:\n{string.Join('\n', violations.Select(Describe))}");
        }
    }

    private static string Describe(AxeResultItem violation)
    {
        var nodes = violation.Nodes.Select(node => $"  {node.Target}: {node.Html}");
        return $"{violation.Id}: {violation.Help}\n{string.Join('\n', nodes)}";
    }
}
