using Microsoft.Playwright;
using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;
using static Microsoft.Playwright.Assertions;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>The dashboard of a server with access keys.</summary>
public sealed class KeyTests(Chromium chromium) : IAsyncLifetime
{
    private const string Unauthorized =
        "error: Failed to load resource: the server responded with a status of 401 (Unauthorized)";

    private readonly TemporaryDirectory directory = new();
    private readonly KeyHolder clerk = new("clerk", "read");
    private readonly KeyHolder shop = new("shop", "draw");
    private readonly KeyHolder office = new("office", "draw, admin");
    private ServerProcess server = null!;

    public async ValueTask InitializeAsync() => server = await ServerProcess.StartAsync(
        directory, KeyHolder.Environment(clerk, shop, office), "--maximum", "1000");

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task A_key_is_asked_for_and_kept_for_this_tab_only()
    {
        await using var dashboard = await DashboardPage.OpenAsync(chromium, server.Address);
        var page = dashboard.Page;
        await Expect(Dialog(page)).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(Dialog(page)).ToBeVisibleAsync();

        await EnterAsync(page, "wrong");
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The server does not know this access key.");
        await EnterAsync(page, office.Key);
        await Expect(page.Card("default")).ToBeVisibleAsync();
        await Expect(Dialog(page)).ToBeHiddenAsync();

        await page.ReloadAsync();
        await Expect(page.Card("default")).ToBeVisibleAsync();
        var other = await dashboard.OpenTabAsync();
        await Expect(Dialog(other)).ToBeVisibleAsync();
        await Expect(other.Card("default")).ToBeHiddenAsync();
        await page.Button("Forget access key office").ClickAsync();
        await Expect(Dialog(page)).ToBeVisibleAsync();
        dashboard.Watch.AssertOnly(Unauthorized);
    }

    [Fact]
    public async Task A_reader_sees_no_controls()
    {
        await using var dashboard = await OpenAsync(clerk);
        var page = dashboard.Page;

        await Expect(page.Heading("default open")).ToBeVisibleAsync();
        await Expect(page.GetByText("The access key clerk has the role read: what needs another role is not shown."))
            .ToBeVisibleAsync();
        await Expect(page.Link("New pool")).ToBeHiddenAsync();
        string[] buttons = ["Forget access key clerk", "Copy the commitment"];
        await Expect(page.GetByRole(AriaRole.Button)).ToHaveCountAsync(buttons.Length);
        foreach (var button in buttons)
            await Expect(page.Button(button)).ToBeVisibleAsync();
        dashboard.Watch.AssertOnly(Unauthorized);
    }

    [Fact]
    public async Task A_drawer_draws_and_sees_nothing_of_the_administration()
    {
        await using var dashboard = await OpenAsync(shop);
        var page = dashboard.Page;

        await page.Button("Draw").ClickAsync();
        await Expect(page.Result()).ToContainTextAsync("position 0");

        string[] headings = ["Latest draws", "The order so far", "Who got a number?", "Status and draw log", "Close this pool"];
        foreach (var heading in headings)
            await Expect(page.Heading(heading)).ToBeHiddenAsync();
        await Expect(page.Link("New pool")).ToBeHiddenAsync();
        await page.GotoAsync($"{server.Address}#/new");
        await Expect(page.GetByText("Your access key may not create pools")).ToBeVisibleAsync();
        await Expect(page.Button("Create")).ToBeDisabledAsync();
        dashboard.Watch.AssertOnly(Unauthorized);
    }

    [Fact]
    public async Task The_status_of_a_pool_with_codes_is_downloaded_with_its_seed()
    {
        var body = """{"code":{"alphabet":"digits","length":6}}""";
        (await office.SendAsync(server.Client, HttpMethod.Put, "/pools/codes", body)).Success(201);
        var closed = (await office.SendAsync(server.Client, HttpMethod.Post, "/pools/codes/close")).Success(200);
        var seed = closed.GetProperty("seed").GetString()!;
        await using var dashboard = await OpenAsync(office);
        var page = dashboard.Page;
        await page.GotoAsync($"{server.Address}#/pools/codes");

        var download = await page.RunAndWaitForDownloadAsync(() => page.Button("Download the status").ClickAsync());

        Assert.Contains(seed, await File.ReadAllTextAsync(await download.PathAsync()), StringComparison.Ordinal);
        dashboard.Watch.AssertOnly(Unauthorized);
    }

    [Fact]
    public async Task A_key_without_look_ups_sees_why_a_pool_with_codes_has_none()
    {
        var body = """{"code":{"alphabet":"digits","length":6}}""";
        (await office.SendAsync(server.Client, HttpMethod.Put, "/pools/codes", body)).Success(201);
        await using var dashboard = await OpenAsync(office);
        var page = dashboard.Page;
        var note = page.GetByText("The access key office has the role draw and admin: what needs another role is not shown.");
        await Expect(page.Heading("default open")).ToBeVisibleAsync();
        await Expect(note).ToBeHiddenAsync();

        await page.GotoAsync($"{server.Address}#/pools/codes");
        await Expect(page.Heading("codes open")).ToBeVisibleAsync();
        await Expect(note).ToBeVisibleAsync();
        dashboard.Watch.AssertOnly(Unauthorized);
    }

    [Fact]
    public async Task The_latest_draws_name_the_caller()
    {
        (await shop.DrawAsync(server)).Success(200);
        await using var dashboard = await OpenAsync(office);
        var page = dashboard.Page;

        await Expect(page.Row(1).GetByRole(AriaRole.Cell).Nth(3)).ToHaveTextAsync("shop");
        await page.Button("Draw").ClickAsync();
        await Expect(page.Row(1).GetByRole(AriaRole.Cell).Nth(3)).ToHaveTextAsync("office");
        dashboard.Watch.AssertOnly(Unauthorized);
    }

    /// <summary>Opens the page of the pool with a key.</summary>
    private async Task<DashboardPage> OpenAsync(KeyHolder holder)
    {
        var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, "default");
        await EnterAsync(dashboard.Page, holder.Key);
        return dashboard;
    }

    private static async Task EnterAsync(IPage page, string key)
    {
        await page.GetByLabel("access key", new() { Exact = true }).FillAsync(key);
        await page.Button("Use this access key").ClickAsync();
    }

    private static ILocator Dialog(IPage page) =>
        page.GetByRole(AriaRole.Dialog, new() { Name = "This server wants an access key" });
}
