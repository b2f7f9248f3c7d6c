using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;
using static Microsoft.Playwright.Assertions;

namespace UniqueRandom.Browser.Tests.Dashboard;

/// <summary>Copies and draws on this machine, and over plain HTTP on a network, where browsers take functions away.</summary>
public sealed class PlainHttpTests(Chromium chromium)
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("numbers.example", false)]
    public async Task A_commitment_is_copied_and_a_number_is_drawn(string host, bool isSecure)
    {
        using var directory = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(
            directory, "--allow-anonymous", "--allowed-hosts", "numbers.example", "--maximum", "1000");
        var address = new UriBuilder(server.Address) { Host = host }.Uri;
        await using var dashboard = await DashboardPage.OpenAsync(chromium, address);
        var page = dashboard.Page;
        Assert.Equal(isSecure, await page.EvaluateAsync<bool>("isSecureContext && 'clipboard' in navigator"));
        var commitment = (await server.Client.StatusAsync("default")).GetProperty("commitment").GetString()!;

        await page.Button("Copy the commitment of default").ClickAsync();
        await Expect(page.GetByText("Copied")).ToBeVisibleAsync();
        await page.Search().PressAsync("Control+V");
        await Expect(page.Search()).ToHaveValueAsync(commitment);
        await page.Search().ClearAsync();

        await page.Link("default").ClickAsync();
        await page.Button("Draw").ClickAsync();
        await Expect(page.Result()).ToContainTextAsync("position 0");
        Assert.Equal(1, await server.Client.DrawnAsync("default"));
        dashboard.Watch.AssertNone();
    }
}
