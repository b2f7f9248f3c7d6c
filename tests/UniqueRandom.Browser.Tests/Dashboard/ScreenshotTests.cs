using UniqueRandom.Browser.Tests.Browsing;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>Pictures of all views, on demand.</summary>
public sealed class ScreenshotTests(Chromium chromium)
{
    [Fact(Explicit = true)]
    public Task All_views_are_pictured() => Views.VisitAsync(chromium, Screenshots.Enabled().TakeAsync);

    [Fact(Explicit = true)]
    public Task The_views_of_a_server_with_keys_are_pictured() =>
        Views.VisitWithKeysAsync(chromium, Screenshots.Enabled().TakeAsync);
}
