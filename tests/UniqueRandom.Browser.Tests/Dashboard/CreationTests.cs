using Microsoft.Playwright;
using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>The creation of a pool.</summary>
public sealed class CreationTests(Chromium chromium, ApiServer server) : IClassFixture<ApiServer>
{
    private const string Missing = "There is no such pool";

    /// <summary>Sets a variable when the page shows a text, however short.</summary>
    private const string Notice = """
        text => {
            globalThis.wasShown = false;
            new MutationObserver(() => globalThis.wasShown ||= document.body.innerText.includes(text))
                .observe(document.body, { childList: true, subtree: true });
        }
        """;

    /// <summary>Sets a variable when the page shows that a part of a pool is stored, however short.</summary>
    private const string NoticePart = """
        () => {
            globalThis.wasPartStored = false;
            const bar = () => document.querySelector("[role=progressbar]")?.ariaValueText ?? "";
            new MutationObserver(() => globalThis.wasPartStored ||= /^[1-9][0-9.]*% stored$/.test(bar()))
                .observe(document.body, { attributes: true, childList: true, subtree: true });
        }
        """;

    [Fact]
    public async Task The_page_of_a_new_pool_shows_its_progress_until_it_is_open()
    {
        await using var dashboard = await DashboardPage.OpenAsync(chromium, server.Address);
        var page = dashboard.Page;
        await page.Link("New pool").ClickAsync();
        await page.EvaluateAsync(Notice, Missing);

        await page.Field("name").FillAsync("large");
        await page.Field("largest number").FillAsync("20000000");
        await Expect(page.GetByText("20,000,000 numbers, each handed out once")).ToBeVisibleAsync();
        await page.EvaluateAsync(NoticePart);
        await page.Button("Create").ClickAsync();

        await Expect(page.Heading("large open")).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("wasPartStored"), "The page has not shown that a part was stored.");
        await page.Button("Draw").ClickAsync();
        await Expect(page.Result()).ToContainTextAsync("position 0");
        Assert.False(await page.EvaluateAsync<bool>("wasShown"), $"The page has shown '{Missing}'.");
        dashboard.Watch.AssertNone();
    }

    /// <summary>Its size is beyond what a number of JavaScript holds exactly.</summary>
    [Fact]
    public async Task A_computed_order_is_open_at_once_and_drawn_from()
    {
        await using var dashboard = await DashboardPage.OpenAsync(chromium, server.Address);
        var page = dashboard.Page;
        await page.Link("New pool").ClickAsync();
        await page.Field("name").FillAsync("computed");
        await page.Field("largest number").FillAsync("9223372036854775807");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "order" }).SelectOptionAsync("computed");
        await page.Button("Create").ClickAsync();

        await Expect(page.Heading("computed open")).ToBeVisibleAsync();
        await Expect(page.GetByText("1 – 9,223,372,036,854,775,807")).ToBeVisibleAsync();
        await page.Button("Draw").ClickAsync();
        await Expect(page.Result()).ToContainTextAsync("position 0");
        await Expect(page.GetByText("9,223,372,036,854,775,806", new() { Exact = true })).ToBeVisibleAsync();
        await page.Link("All pools").ClickAsync();
        await Expect(page.GetByText("9,223,372,036,854,775,806", new() { Exact = true })).ToBeVisibleAsync();
        dashboard.Watch.AssertNone();
    }

    [Theory]
    [InlineData("Bad Name", "1", "10", "name", "has 1 to 64 characters of a-z", 400)]
    [InlineData("upside-down", "10", "1", "largest number", "minimum 10 is above maximum 1", 400)]
    [InlineData("default", "1", "10", "name", "has the range 1..1000, a stored order and no codes, which can't be changed", 409)]
    [InlineData("huge", "1", "3000000000", "largest number", "3000000000", 400)]
    [InlineData("none", "0", "9223372036854775807", "largest number", "a pool holds at most 9223372036854775807", 400)]
    [InlineData("beyond", "1", "9223372036854775808", "largest number", "to 9223372036854775807", 400)]
    [InlineData("words", "1", "ten", "largest number", "Enter a whole number", 0)]
    [InlineData("words", "one", "10", "smallest number", "Enter a whole number", 0)]
    public async Task A_refusal_is_said_at_its_field(
        string name, string minimum, string maximum, string field, string message, int status)
    {
        await using var dashboard = await DashboardPage.OpenAsync(chromium, server.Address, "#/new");
        var page = dashboard.Page;
        await page.Field("name").FillAsync(name);
        await page.Field("smallest number").FillAsync(minimum);
        await page.Field("largest number").FillAsync(maximum);
        var before = await server.DescribePoolsAsync();

        await page.Button("Create").ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(message);
        await Expect(page.Field(field)).ToBeFocusedAsync();
        await Expect(page.Field(field)).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.Button("Create")).ToBeEnabledAsync();
        Assert.Equal(before, await server.DescribePoolsAsync());
        dashboard.Watch.AssertOnly(status switch
        {
            400 => ["error: Failed to load resource: the server responded with a status of 400 (Bad Request)"],
            409 => ["error: Failed to load resource: the server responded with a status of 409 (Conflict)"],
            _ => [],
        });
    }
}
