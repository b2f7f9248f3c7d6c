using UniqueRandom.Browser.Tests.Browsing;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>The rules of axe-core on all views.</summary>
public sealed class AccessibilityTests(Chromium chromium)
{
    [Fact]
    public Task No_view_violates_a_rule() => Views.VisitAsync(chromium, (page, _) => page.AssertAccessibleAsync());

    [Fact]
    public Task No_view_of_a_server_with_keys_violates_a_rule() =>
        Views.VisitWithKeysAsync(chromium, (page, _) => page.AssertAccessibleAsync());
}
