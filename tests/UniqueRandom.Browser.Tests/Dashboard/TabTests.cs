using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Time;
using static Microsoft.Playwright.Assertions;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>Several tabs of one browser.</summary>
public sealed class TabTests(Chromium chromium, ApiServer server) : IClassFixture<ApiServer>
{
    /// <summary>A headless browser shows all tabs at the same time.</summary>
    private const string Hide = """
        isHidden => {
            delete document.hidden;
            if (isHidden)
                Object.defineProperty(document, 'hidden', { configurable: true, value: true });
            document.dispatchEvent(new Event('visibilitychange'));
        }
        """;

    [Fact]
    public async Task Visible_tabs_share_a_stream_and_hidden_ones_have_none()
    {
        var pool = await server.CreatePoolAsync(1000);
        await using var counter = await StreamCounter.StartAsync(server.Address);
        await using var dashboard = await DashboardPage.OpenAsync(chromium, counter.Address);
        var first = dashboard.Page;
        await Expect(first.Card(pool)).ToBeVisibleAsync();
        var second = await dashboard.OpenTabAsync($"#/pools/{pool}");
        await Expect(second.Heading($"{pool} open")).ToBeVisibleAsync();
        (await server.Client.DrawAsync(pool, 1)).Success(201);
        await Expect(first.Card(pool)).ToContainTextAsync("1 drawn");
        await Expect(second.GetByText("1 drawn")).ToBeVisibleAsync();
        Assert.Equal((1, 1), (counter.Open, counter.Started));

        await first.EvaluateAsync(Hide, true);
        (await server.Client.DrawAsync(pool, 1)).Success(201);
        await Expect(second.GetByText("2 drawn")).ToBeVisibleAsync();
        await Expect(first.Card(pool)).ToContainTextAsync("1 drawn");
        Assert.Equal((1, 1), (counter.Open, counter.Started));

        await second.EvaluateAsync(Hide, true);
        await Eventually.TrueAsync(() => Task.FromResult(counter.Open == 0), "the stream has ended");
        (await server.Client.DrawAsync(pool, 1)).Success(201);
        await first.EvaluateAsync(Hide, false);
        await Expect(first.Card(pool)).ToContainTextAsync("3 drawn");
        Assert.Equal((1, 2), (counter.Open, counter.Started));

        await dashboard.Page.CloseAsync();
        await Eventually.TrueAsync(() => Task.FromResult(counter.Open == 0), "the stream has ended");
        dashboard.Watch.AssertNone();
    }
}
