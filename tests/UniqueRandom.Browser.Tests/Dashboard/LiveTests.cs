using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;
using static Microsoft.Playwright.Assertions;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>A dashboard whose server, or its store, goes away and comes back.</summary>
public sealed class LiveTests(Chromium chromium)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_page_says_so_and_is_live_again_by_itself(bool isKilled)
    {
        using var directory = new TemporaryDirectory();
        string[] switches = ["--maximum", "1000", "--urls", $"http://127.0.0.1:{LoopbackPort.Take()}"];
        await using var first = await ServerProcess.StartAsync(directory, switches);
        await using var dashboard = await DashboardPage.OpenAsync(chromium, first.Address);
        var page = dashboard.Page;
        await Expect(page.GetByText("live", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(page.Card("default")).ToContainTextAsync("0 drawn");

        if (isKilled)
            await first.KillAsync();
        else
            Assert.Equal(0, await first.StopAsync());
        await Expect(page.GetByText("server away, trying again")).ToBeVisibleAsync();
        await using var second = await ServerProcess.StartAsync(directory, switches);
        (await second.Client.DrawAsync("default", 7)).Success(201);

        await Expect(page.GetByText("live", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(page.Card("default")).ToContainTextAsync("7 drawn");
        (await second.Client.DrawAsync("default", 3)).Success(201);
        await Expect(page.Card("default")).ToContainTextAsync("10 drawn");
        dashboard.Watch.AssertNone();
    }

    [Fact]
    public async Task The_page_says_that_the_store_is_away()
    {
        using var directory = new TemporaryDirectory();
        await using var instance = await PostgresInstance.CreateAsync();
        await using var server = await ServerProcess.StartAsync(directory, [.. instance.Switches, "--maximum", "1000"]);
        await using var dashboard = await DashboardPage.OpenAsync(chromium, server.Address);
        var page = dashboard.Page;
        await Expect(page.Card("default")).ToContainTextAsync("0 drawn");

        await instance.StopAsync();
        await Expect(page.GetByText("store away, the last known numbers")).ToBeVisibleAsync();
        await Expect(page.Card("default")).ToContainTextAsync("0 drawn");
        await instance.StartAsync();

        await Expect(page.GetByText("live", new() { Exact = true })).ToBeVisibleAsync();
        (await server.Client.DrawAsync("default", 7)).Success(201);
        await Expect(page.Card("default")).ToContainTextAsync("7 drawn");
        dashboard.Watch.AssertNone();
    }
}
