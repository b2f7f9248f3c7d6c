using Microsoft.Playwright;
using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Processes;
using static Microsoft.Playwright.Assertions;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>Goes through all views of the dashboard.</summary>
internal static class Views
{
    /// <summary>Goes through the views of a server without access keys.</summary>
    public static async Task VisitAsync(Chromium chromium, Func<IPage, string, Task> visit)
    {
        using var directory = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "500000");
        await FillAsync(server.Client);
        using var proxy = new TcpProxy(server.Address.Port);
        await using var dashboard = await DashboardPage.OpenAsync(chromium, new Uri($"http://127.0.0.1:{proxy.Port}/"));
        var page = dashboard.Page;

        await Expect(page.Card("exhausted")).ToContainTextAsync("exhausted");
        await visit(page, "list");
        await page.Search().FillAsync("nothing");
        await visit(page, "list-none");
        await page.Search().ClearAsync();

        await page.Link("default").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Img)).ToBeVisibleAsync();
        await page.Button("Draw").ClickAsync();
        await Expect(page.Result()).ToBeVisibleAsync();
        await visit(page, "pool-number");
        await page.Field("how many").FillAsync("25");
        await page.Button("Draw").ClickAsync();
        await Expect(page.Field("Drawn numbers")).ToBeVisibleAsync();
        await page.LookUpAsync("4711");
        await Expect(page.GetByText("4,711 ")).ToBeVisibleAsync();
        await visit(page, "pool-numbers");
        await page.Button("Close…").ClickAsync();
        await visit(page, "closing");
        await page.Button("Keep it open").ClickAsync();
        await page.Field("how many").FillAsync("none");
        await page.Button("Draw").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await visit(page, "pool-refusal");

        await VisitPoolAsync("closed", "closed closed");
        await VisitPoolAsync("highest", "highest open");
        await VisitPoolAsync("codes", "codes open");
        await VisitPoolAsync("missing", "There is no such pool");

        await page.Link("New pool").ClickAsync();
        var codes = page.GetByRole(AriaRole.Combobox, new() { Name = "codes" });
        await codes.SelectOptionAsync("crockford32");
        await visit(page, "new-codes");
        await codes.SelectOptionAsync("");
        await page.Field("name").FillAsync("Seeding");
        await page.Field("largest number").FillAsync("20000000");
        await page.Button("Create").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await visit(page, "new");
        await page.Field("name").FillAsync("seeding");
        await page.Button("Create").ClickAsync();
        await Expect(page.Heading("seeding seeding")).ToBeVisibleAsync();
        // The page stays as it is.
        proxy.Freeze();
        await visit(page, "pool-seeding");
        proxy.Cut();
        await Expect(page.GetByText("server away, trying again")).ToBeVisibleAsync();
        await visit(page, "away");

        async Task VisitPoolAsync(string pool, string heading)
        {
            await page.EvaluateAsync("pool => { location.hash = `#/pools/${pool}` }", pool);
            await Expect(page.Heading(heading)).ToBeVisibleAsync();
            if (pool != "missing")
                await Expect(page.GetByRole(AriaRole.Img)).ToBeVisibleAsync();
            await visit(page, $"pool-{pool}");
        }
    }

    /// <summary>Goes through the views of a server with access keys.</summary>
    public static async Task VisitWithKeysAsync(Chromium chromium, Func<IPage, string, Task> visit)
    {
        using var directory = new TemporaryDirectory();
        var clerk = new KeyHolder("clerk", "read");
        await using var server = await ServerProcess.StartAsync(
            directory, KeyHolder.Environment(clerk), "--maximum", "1000");
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, "default");
        var page = dashboard.Page;

        foreach (var (key, name) in ((string, string)[])[("wrong", "key"), (clerk.Key, "key-wrong")])
            await EnterAsync(key, name);
        await Expect(page.Heading("default open")).ToBeVisibleAsync();
        await visit(page, "pool-reader");

        async Task EnterAsync(string key, string name)
        {
            if (name == "key-wrong")
                await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
            var field = page.GetByLabel("access key", new() { Exact = true });
            await Expect(field).ToBeVisibleAsync();
            await visit(page, name);
            await field.FillAsync(key);
            await page.Button("Use this access key").ClickAsync();
        }
    }

    private static async Task FillAsync(HttpClient client)
    {
        (string Pool, long Minimum, long Maximum, int Draws)[] pools =
        [
            ("closed", 1, 50_000, 3), ("exhausted", 1, 10_000, 1), ("nearly", 1, 10_300, 1), ("negative", -20_000, -1, 1),
            ("highest", 9223372036854700000, 9223372036854775807, 4),
            ("a-name-of-64-characters-that-is-as-long-as-the-name-of-a-pool-is", 1, 2000, 0),
        ];
        foreach (var (pool, minimum, maximum, draws) in pools)
        {
            (await client.CreatePoolAsync(pool, minimum, maximum)).Success(201);
            while ((await client.StatusAsync(pool)).GetProperty("state").GetString() != "open")
                await Task.Yield();
            for (var draw = 0; draw < draws; draw++)
                (await client.DrawAsync(pool, 10_000, "order-4711")).Success(201);
        }

        (await client.SendRequestAsync("POST", "/pools/closed/extend", """{"maximum":60000}""")).Success(200);
        (await client.ClosePoolAsync("closed")).Success(200);
        (await client.DefinePoolAsync(
            "codes",
            """{"code":{"alphabet":"crockford32","length":10,"prefix":"XMAS-","group":5,"check":true}}""")).Success(201);
        foreach (var count in (int[])[2, 1, 500])
            (await client.DrawAsync("codes", count, "order-4711")).Success(201);
        for (var draw = 0; draw < 10; draw++)
        {
            var reference = draw % 2 == 0 ? "Newsletter of May, second try" : null;
            (await client.DrawAsync("default", 1 + 100 * draw, reference)).Success(201);
        }
    }
}
