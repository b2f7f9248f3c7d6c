using Microsoft.Playwright;
using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Browser.Tests.Verification;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using static Microsoft.Playwright.Assertions;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>The draw log on the page of a pool.</summary>
public sealed class LogTests(Chromium chromium, ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task The_latest_draws_are_shown_and_new_ones_appear()
    {
        var pool = await server.CreatePoolAsync(10_000);
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, pool);
        var page = dashboard.Page;
        await Expect(page.GetByText("Nothing is drawn yet.")).ToBeVisibleAsync();

        (await server.Client.DrawAsync(pool, 25, "order-4711")).Success(201);
        await Expect(page.Row(1).GetByRole(AriaRole.Cell)).ToContainTextAsync(
            ["0 – 24", "25 numbers", "order-4711", "–", ":"]);
        var number = (await server.Client.DrawAsync(pool, 1)).Success(201).Numbers().Single();

        await Expect(page.Row(1).GetByRole(AriaRole.Cell)).ToContainTextAsync(["25", number.Shown(), "–", "–", ":"]);
        await Expect(page.Row(2)).ToContainTextAsync("order-4711");
        (await server.Client.DrawAsync(pool, 5000, "stock")).Success(201);
        await Expect(page.Row(1).GetByRole(AriaRole.Cell)).ToContainTextAsync(
            ["26 – 5,025", "5,000 numbers", "stock", "–", ":"]);
        await Expect(page.GetByRole(AriaRole.Row)).ToHaveCountAsync(4);
        dashboard.Watch.AssertNone();
    }

    [Fact]
    public async Task A_number_is_looked_up()
    {
        var pool = await server.CreatePoolAsync(100_000);
        var number = (await server.Client.DrawAsync(pool, 1, "order-4711")).Success(201).Numbers().Single();
        var other = number == 5000 ? 5001L : 5000L;
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, pool);
        var page = dashboard.Page;

        await page.LookUpAsync($"{number}");
        await Expect(page.GetByText($"{number.Shown()} was drawn")).ToContainTextAsync("at position 0, for order-4711.");
        await page.LookUpAsync($" +{other} ");
        await Expect(page.GetByText($"{other.Shown()} is not drawn.")).ToBeVisibleAsync();
        await page.LookUpAsync("a number");
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Enter a whole number, such as 4711.");
        dashboard.Watch.AssertNone();

        await page.LookUpAsync("100001");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("the range 1..100000, which does not include 100001");
        dashboard.Watch.AssertOnly("error: Failed to load resource: the server responded with a status of 404 (Not Found)");
    }

    [Theory]
    [InlineData("Download the log as JSON lines", "jsonl", "application/x-ndjson")]
    [InlineData("Download the log as CSV", "csv", "text/csv")]
    public async Task The_file_is_what_the_route_answers(string button, string extension, string type)
    {
        var pool = await server.CreatePoolAsync(100_000);
        foreach (var reference in (string?[])["order-4711", null, "Größe \"M\", 2"])
            (await server.Client.DrawAsync(pool, 10_000, reference)).Success(201);
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, pool);

        var download = await dashboard.Page.RunAndWaitForDownloadAsync(() => dashboard.Page.Button(button).ClickAsync());

        Assert.Equal($"{pool}.{extension}", download.SuggestedFilename);
        var expected = (await server.Client.FetchAsync($"/pools/{pool}/draws", accept: type)).Expect(200).Text;
        Assert.Equal(expected, await File.ReadAllTextAsync(await download.PathAsync()));
        dashboard.Watch.AssertNone();
    }

    [Fact]
    public async Task The_status_and_the_log_are_what_the_page_Verify_wants()
    {
        const string pool = "verified";
        (await server.Client.DefinePoolAsync(pool, """{"code":{"alphabet":"digits","length":6}}""")).Success(201);
        (await server.Client.DrawAsync(pool, 3)).Success(201);
        (await server.Client.ClosePoolAsync(pool)).Success(200);
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, pool);
        var page = dashboard.Page;

        var status = await DownloadAsync("Download the status");
        var log = await DownloadAsync("Download the log as JSON lines");

        Assert.Equal($"{pool}.json", status.SuggestedFilename);
        var text = await File.ReadAllTextAsync(await status.PathAsync());
        Assert.Equal((await server.Client.FetchAsync($"/pools/{pool}")).Expect(200).Text, text);
        await page.Link("Verify").ClickAsync();
        var verify = new VerifyPage(page);
        await verify.Files.SetInputFilesAsync(
            [VerifyPage.Payload("status", text), VerifyPage.Payload("log", await File.ReadAllTextAsync(await log.PathAsync()))]);
        Assert.StartsWith("Holds: ", await verify.ReadAsync(), StringComparison.Ordinal);
        dashboard.Watch.AssertNone();

        Task<IDownload> DownloadAsync(string button) =>
            page.RunAndWaitForDownloadAsync(() => page.Button(button).ClickAsync());
    }
}
