using Microsoft.Playwright;
using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using static Microsoft.Playwright.Assertions;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>The plot of positions and numbers.</summary>
public sealed class OrderTests(Chromium chromium, ApiServer server) : IClassFixture<ApiServer>
{
    private const string CountPixels = """
        canvas => {
            const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
            copy.drawImage(canvas, 0, 0);
            const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
            return data.filter((value, i) => i % 4 === 3 && value > 0).length;
        }
        """;

    [Fact]
    public async Task Each_drawn_number_is_a_dot()
    {
        var pool = await server.CreatePoolAsync(1000);
        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, pool);
        await Expect(Plot(dashboard, 0)).ToBeVisibleAsync();
        Assert.Equal(0, await Plot(dashboard, 0).EvaluateAsync<int>(CountPixels));

        (await server.Client.DrawAsync(pool, 1)).Success(201);
        await Expect(Plot(dashboard, 1)).ToBeVisibleAsync();
        var one = await Plot(dashboard, 1).EvaluateAsync<int>(CountPixels);
        (await server.Client.DrawAsync(pool, 200)).Success(201);
        await Expect(Plot(dashboard, 201)).ToBeVisibleAsync();
        var many = await Plot(dashboard, 201).EvaluateAsync<int>(CountPixels);

        const int smallest = 4, largest = 16;
        Assert.InRange(one, smallest, largest);
        // Some dots overlap, and a dot between pixels covers more of them.
        Assert.InRange(many, 100 * smallest, 201 * largest);
        dashboard.Watch.AssertNone();
    }

    [Theory]
    [InlineData(false, false, "An honest order fills evenly.")]
    [InlineData(true, false, "An honest order fills evenly. Each segment fills its own square.")]
    [InlineData(false, true, "An honest order fills evenly. Imported numbers are in ascending order.")]
    [InlineData(true, true,
        "An honest order fills evenly. Each segment fills its own square, and imported numbers are in ascending order.")]
    public async Task The_caption_says_what_an_honest_order_looks_like(bool isExtended, bool isImported, string sentences)
    {
        var pool = $"plot-{isExtended}-{isImported}".ToLowerInvariant();
        const string range = """{"minimum":1,"maximum":10}""";
        if (isImported)
            (await server.Client.ImportPoolAsync(pool, $"{range}\n7\n3\n")).Success(201);
        else
            (await server.Client.DefinePoolAsync(pool, range)).Success(201);
        if (isExtended)
            (await server.Client.SendRequestAsync("POST", $"/pools/{pool}/extend", """{"maximum":20}""")).Success(200);

        await using var dashboard = await DashboardPage.OpenPoolAsync(chromium, server.Address, pool);

        var caption = dashboard.Page.GetByText("Each dot is a drawn number: its position to the right, the number upward.");
        await Expect(caption).ToHaveTextAsync(
            $"Each dot is a drawn number: its position to the right, the number upward. {sentences}");
        var drawn = isImported ? 2 : 0;
        await Expect(Plot(dashboard, drawn)).ToHaveAccessibleNameAsync(
            $"Positions and numbers of {drawn} of the {drawn} drawn numbers. "
            + sentences.Replace("An honest order fills", "In an honest order they spread", StringComparison.Ordinal));
        dashboard.Watch.AssertNone();
    }

    private static ILocator Plot(DashboardPage dashboard, int drawn) => dashboard.Page.GetByRole(
        AriaRole.Img, new() { Name = $"Positions and numbers of {drawn} of the {drawn} drawn numbers" });
}
