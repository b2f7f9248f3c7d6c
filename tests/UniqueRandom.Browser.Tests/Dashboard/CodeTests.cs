using System.Text.RegularExpressions;
using Microsoft.Playwright;
using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using static Microsoft.Playwright.Assertions;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>Pools whose numbers are written as codes.</summary>
public sealed partial class CodeTests(Chromium chromium, ApiServer server) : IClassFixture<ApiServer>
{
    private const string Xmas = """{"code":{"alphabet":"crockford32","length":10,"prefix":"XMAS-","group":5,"check":true}}""";

    [Fact]
    public async Task A_pool_with_codes_is_created_and_drawn_from()
    {
        await using var dashboard = await DashboardPage.OpenAsync(chromium, server.Address);
        var page = dashboard.Page;
        await page.Link("New pool").ClickAsync();
        await page.Field("name").FillAsync("vouchers");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "codes" }).SelectOptionAsync("crockford32");
        await Expect(page.Field("largest number")).ToBeHiddenAsync();
        await Expect(page.GetByText("1,125,899,906,842,624 codes, each handed out once")).ToBeVisibleAsync();
        await page.Field("prefix, optional").FillAsync("XMAS-");
        await page.Button("Create").ClickAsync();

        await Expect(page.Heading("vouchers open")).ToBeVisibleAsync();
        await Expect(page.GetByText("XMAS-#####-#####-# of crockford32, the last character is a check symbol"))
            .ToBeVisibleAsync();
        await page.Button("Draw").ClickAsync();
        await Expect(page.Result()).ToContainTextAsync("position 0");
        var line = (await server.Client.FetchAsync("/pools/vouchers/draws")).Lines.Single();
        var code = line.GetProperty("codes")[0].GetString()!;
        await Expect(page.Result().GetByText(code, new() { Exact = true })).ToBeVisibleAsync();
        await Expect(page.Row(1).GetByRole(AriaRole.Cell).Nth(1)).ToHaveTextAsync(code);
        var status = await server.Client.StatusAsync("vouchers");
        Assert.Equal("XMAS-", status.GetProperty("code").GetProperty("prefix").GetString());
        dashboard.Watch.AssertNone();
    }

    [Theory]
    [InlineData("characters", "x", "Enter a whole number")]
    [InlineData("characters", "13", "'characters' must be from 1 to 12 for an alphabet of 32 characters")]
    [InlineData("in groups of", "11", "'in groups of' must be from 0 to 10")]
    [InlineData("prefix, optional", "a b", "'prefix' must have at most 32")]
    public async Task A_format_that_is_not_valid_is_refused_in_words(string field, string text, string message)
    {
        await using var dashboard = await DashboardPage.OpenAsync(chromium, server.Address);
        var page = dashboard.Page;
        await page.Link("New pool").ClickAsync();
        await page.Field("name").FillAsync("never");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "codes" }).SelectOptionAsync("crockford32");
        await page.Field(field).FillAsync(text);
        await page.Button("Create").ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(message);
        await Expect(page.Field(field)).ToHaveAttributeAsync("aria-invalid", "true");
        (await server.Client.FetchAsync("/pools/never")).Problem(404, "pool-not-found");
    }

    [Fact]
    public async Task A_code_is_looked_up_as_it_is_typed()
    {
        (await server.Client.DefinePoolAsync("xmas", Xmas)).Success(201);
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, "xmas");
        var page = dashboard.Page;
        var section = page.Locator("section", new() { HasText = "Was this code issued?" });
        await Expect(section).ToContainTextAsync("No code is issued yet.");
        var code = (await server.Client.DrawAsync("xmas", 1, "order-4711")).Success(201).GetProperty("codes")[0].GetString()!;
        await Expect(section).ToContainTextAsync("It takes 1,125,899,906,842,624 guesses on average to find an issued code.");

        await LookUpAsync(code.ToLowerInvariant().Replace('-', ' '));
        await Expect(section.GetByRole(AriaRole.Status)).ToContainTextAsync($"{code} was issued");
        await Expect(section.GetByRole(AriaRole.Status)).ToContainTextAsync(", for order-4711.");
        await LookUpAsync("XMAS-00000-00000-1");
        await Expect(section.GetByRole(AriaRole.Status)).ToHaveTextAsync("XMAS-00000-00000-1 was not issued.");
        dashboard.Watch.AssertNone();
        await LookUpAsync(code[..^1]);
        await Expect(section.GetByRole(AriaRole.Alert)).ToContainTextAsync("it has a wrong character, or too few or too many");

        async Task LookUpAsync(string typed)
        {
            await section.GetByLabel("code").FillAsync(typed);
            await section.GetByRole(AriaRole.Button).ClickAsync();
        }
    }

    [Fact]
    public async Task The_seed_of_a_closed_pool_is_shown()
    {
        (await server.Client.DefinePoolAsync("ended", Xmas)).Success(201);
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, "ended");
        await Expect(dashboard.Page.GetByText("seed", new() { Exact = true })).ToBeHiddenAsync();

        var closed = (await server.Client.ClosePoolAsync("ended")).Success(200);

        await Expect(dashboard.Page.GetByText(closed.GetProperty("seed").GetString()!)).ToBeVisibleAsync();
        await Expect(dashboard.Page.GetByText("The seed gives away all codes")).ToBeVisibleAsync();
        dashboard.Watch.AssertNone();
    }

    [Fact]
    public async Task The_notes_of_an_open_pool_say_who_sees_its_seed()
    {
        const string body = """{"code":{"alphabet":"digits","length":6},"maximum":99}""";
        (await server.Client.DefinePoolAsync("promise", body)).Success(201);
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, "promise");
        var page = dashboard.Page;

        await Expect(page.GetByText("When the pool ends, access keys with the role admin see its seed")).ToBeVisibleAsync();
        await Expect(page.GetByText("the codes that are left are discarded, and access keys with the role admin see the seed"))
            .ToBeVisibleAsync();
        await page.Field("new largest number").FillAsync("999999");
        await page.Button("Extend").ClickAsync();
        await Expect(page.GetByText("or the pool is closed, access keys with the role admin see its seed")).ToBeVisibleAsync();
        await Expect(page.GetByText("anyone can check")).ToHaveCountAsync(0);
        // It has all codes of its format.
        await Expect(page.Heading("Extend this pool")).ToBeHiddenAsync();
        await page.Button("Close…").ClickAsync();
        await Expect(page.GetByText("1,000,000 codes are left")).ToBeVisibleAsync();
        dashboard.Watch.AssertNone();
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task The_latest_draws_show_who_drew_several_codes(int width)
    {
        var pool = $"several-{width}";
        (await server.Client.DefinePoolAsync(pool, Xmas)).Success(201);
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, pool);
        var page = dashboard.Page;
        await page.SetViewportSizeAsync(width, 800);
        (await server.Client.DrawAsync(pool, 500)).Success(201);
        var codes = (await server.Client.DrawAsync(pool, 3, "order-4711")).Success(201).GetProperty("codes");

        await Expect(page.Row(0).GetByRole(AriaRole.Columnheader).Nth(1)).ToHaveTextAsync("code");
        await Expect(page.Row(1).GetByRole(AriaRole.Cell)).ToContainTextAsync(
            ["500 – 502", $"{codes[0].GetString()} +2", "order-4711", "–", ":"]);
        await Expect(page.Row(2).GetByRole(AriaRole.Cell).Nth(1)).ToHaveTextAsync("500 codes");
        var hidden = await page.GetByRole(AriaRole.Region, new() { Name = "Latest draws" })
            .EvaluateAsync<int>("region => region.scrollWidth - region.clientWidth");
        Assert.Equal(0, hidden);
        dashboard.Watch.AssertNone();
    }

    [Fact]
    public async Task Many_codes_are_shown_as_lines_and_as_CSV()
    {
        (await server.Client.DefinePoolAsync(
            "many", """{"code":{"alphabet":"digits","length":7,"prefix":"=\",","check":true}}""")).Success(201);
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, "many");
        var page = dashboard.Page;
        await page.Field("how many").FillAsync("3");
        await page.Button("Draw").ClickAsync();
        await Expect(page.Result()).ToContainTextAsync("3 codes positions 0 to 2");

        var line = (await server.Client.FetchAsync("/pools/many/draws")).Lines.Single();
        await Expect(page.Field("Drawn numbers")).ToHaveValueAsync(
            string.Join('\n', line.GetProperty("codes").EnumerateArray().Select(code => code.GetString())));
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "as CSV, with positions" }).CheckAsync();
        var rows = (await server.Client.FetchAsync("/pools/many/draws", accept: "text/csv")).Text.Split("\r\n")[..4];
        await Expect(page.Field("Drawn numbers")).ToHaveValueAsync(
            string.Join('\n', rows.Select(row => AfterCode().Replace(row, ""))));
        dashboard.Watch.AssertNone();
    }

    [GeneratedRegex(",(drawnAt|20[0-9]{2}-).*")]
    private static partial Regex AfterCode();
}
