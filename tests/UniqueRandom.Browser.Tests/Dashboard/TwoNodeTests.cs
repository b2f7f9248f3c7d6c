using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;
using static Microsoft.Playwright.Assertions;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>The dashboard of one node, while another one draws.</summary>
public sealed class TwoNodeTests(Chromium chromium, PostgresServer postgres)
{
    [Fact]
    public async Task The_page_of_a_node_shows_what_another_node_draws()
    {
        using var directory = new TemporaryDirectory();
        await using var database = await postgres.CreateDatabaseAsync();
        await using var watched = await StartAsync();
        await using var drawing = await StartAsync();
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, watched.Address, "default");
        await Expect(dashboard.Page.GetByText("0 drawn 1,000 left")).ToBeVisibleAsync();

        (await drawing.Client.DrawAsync("default", 40, "order-4711")).Success(201);

        await Expect(dashboard.Page.GetByText("40 drawn 960 left")).ToBeVisibleAsync();
        await Expect(dashboard.Page.Row(1)).ToContainTextAsync("order-4711");
        dashboard.Watch.AssertNone();

        Task<ServerProcess> StartAsync() => ServerProcess.StartAsync(directory, [.. database.Switches, "--maximum", "1000"]);
    }
}
