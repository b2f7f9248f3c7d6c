using Microsoft.Playwright;
using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Audit;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Browser.Tests.Verification;

/// <summary>How the page that verifies a pool behaves.</summary>
public sealed class VerifyPageTests(Chromium chromium, ApiServer server) : IClassFixture<ApiServer>
{
    private static readonly AuditCase Good = AuditCases.Named("whole pool");
    private static readonly AuditCase Swapped = AuditCases.Named("swapped numbers");

    [Fact]
    public async Task Files_can_be_chosen_one_by_one_and_replaced()
    {
        await using var context = await chromium.NewContextAsync();
        var watch = new PageWatch(context);
        var (page, _) = await context.OpenAsync($"{server.Address}{VerifyPage.Path}");
        var verify = new VerifyPage(page);

        await verify.Files.SetInputFilesAsync(VerifyPage.Payload("log.jsonl", Good.Log));
        await SaysAsync(verify, "Choose the status of this pool.");
        await verify.Files.SetInputFilesAsync(VerifyPage.Payload("status.json", Good.Status));
        await SaysAsync(verify, Good.Sentence);
        await verify.Files.SetInputFilesAsync(VerifyPage.Payload("log.jsonl", Swapped.Log));
        await SaysAsync(verify, Swapped.Sentence);
        await verify.Commitment.FillAsync("none");
        await verify.Commitment.PressAsync("Enter");
        await SaysAsync(verify, "The published commitment must have 64 hexadecimal digits; it is 'none'.");
        await verify.Commitment.FillAsync("");
        await verify.Files.SetInputFilesAsync(
            [VerifyPage.Payload("a.jsonl", Good.Log), VerifyPage.Payload("b.jsonl", Good.Log)]);
        await SaysAsync(verify, "'a.jsonl' and 'b.jsonl' both look like a log: choose one status and one log.");
        watch.AssertNone();
    }

    [Fact]
    public async Task Files_can_be_dropped_anywhere()
    {
        await using var context = await chromium.NewContextAsync();
        var watch = new PageWatch(context);
        var (page, _) = await context.OpenAsync($"{server.Address}{VerifyPage.Path}");

        await page.EvaluateAsync(
            """
            files => {
                const dataTransfer = new DataTransfer();
                for (const [name, text] of Object.entries(files))
                    dataTransfer.items.add(new File([text], name));
                const dragged = { dataTransfer, bubbles: true, cancelable: true };
                for (const type of ['dragover', 'drop'])
                    document.querySelector('h1').dispatchEvent(new DragEvent(type, dragged));
            }
            """,
            new Dictionary<string, string> { ["log.jsonl"] = Good.Log, ["status.json"] = Good.Status });

        Assert.Equal(Good.Sentence, await new VerifyPage(page).ReadAsync());
        watch.AssertNone();
    }

    [Fact]
    public async Task A_keyboard_is_enough_and_every_part_has_a_name()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory.File("status.json"), Good.Status);
        await File.WriteAllTextAsync(directory.File("log.jsonl"), Good.Log);
        await using var context = await chromium.NewContextAsync();
        var watch = new PageWatch(context);
        var (page, _) = await context.OpenAsync($"{server.Address}{VerifyPage.Path}");
        var verify = new VerifyPage(page);

        foreach (var link in (string[])["Dashboard", "API"])
        {
            await page.Keyboard.PressAsync("Tab");
            await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = link })).ToBeFocusedAsync();
        }

        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(verify.Files).ToBeFocusedAsync();
        // From here the keyboard is in a window of the system.
        await verify.Files.SetInputFilesAsync([directory.File("log.jsonl"), directory.File("status.json")]);
        await SaysAsync(verify, Good.Sentence);
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(verify.Commitment).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("b94a7ee0");
        await page.Keyboard.PressAsync("Enter");
        await SaysAsync(verify, "The published commitment must have 64 hexadecimal digits; it is 'b94a7ee0'.");
        watch.AssertNone();
    }

    [Fact]
    public async Task The_page_says_what_extended_and_imported_pools_mean()
    {
        await using var context = await chromium.NewContextAsync();
        var (page, _) = await context.OpenAsync($"{server.Address}{VerifyPage.Path}");

        await Assertions.Expect(new VerifyPage(page).Commitment).ToHaveAccessibleDescriptionAsync(
            "It proves more than the one in the status, which comes from the same source as the seed. An extended pool can have "
                + "one for each segment: enter them in the order of the segments, with commas between them.");
        await Assertions.Expect(page.GetByText("or that imported numbers were handed out before.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Over_plain_HTTP_the_page_only_says_to_save_it()
    {
        using var directory = new TemporaryDirectory();
        await using var open = await ServerProcess.StartAsync(
            directory, "--allow-anonymous", "--allowed-hosts", "numbers.example", "--maximum", "10");
        await using var context = await chromium.NewContextAsync();
        var watch = new PageWatch(context);

        var (page, _) = await context.OpenAsync($"http://numbers.example:{open.Address.Port}/{VerifyPage.Path}");

        await Assertions.Expect(page.GetByText("save this page and open it from disk")).ToBeVisibleAsync();
        await Assertions.Expect(new VerifyPage(page).Files).ToBeHiddenAsync();
        watch.AssertNone();
    }

    [Fact(Explicit = true)]
    public async Task Ten_million_numbers_do_not_freeze_the_page()
    {
        using var directory = new TemporaryDirectory();
        var (status, log, sentence) = await LargeFiles.WriteAsync(directory, 10_000_000);
        await using var context = await chromium.NewContextAsync();
        var watch = new PageWatch(context);
        var (page, _) = await context.OpenAsync($"{server.Address}{VerifyPage.Path}");
        await page.EvaluateAsync(
            """
            () => {
                let last = performance.now();
                window.longest = 0;
                setInterval(() => {
                    longest = Math.max(longest, performance.now() - last);
                    last = performance.now();
                });
            }
            """);

        var verify = new VerifyPage(page);
        await verify.Files.SetInputFilesAsync([status, log]);
        await Assertions.Expect(page.GetByRole(AriaRole.Progressbar, new() { Name = "Comparing the log" })).ToBeVisibleAsync(
            new() { Timeout = 60_000 });
        await verify.Sentence.WaitForAsync(new() { Timeout = 60_000 });

        Assert.Equal(sentence, await verify.ReadAsync());
        Assert.InRange(await page.EvaluateAsync<double>("longest"), 0, 500);
        watch.AssertNone();
    }

    [Theory]
    [InlineData(360, 640)]
    [InlineData(3840, 2160)]
    public async Task The_page_fits_a_window_of_any_width(int width, int height)
    {
        await using var context = await chromium.NewContextAsync(
            new() { ViewportSize = new() { Width = width, Height = height } });
        var (page, _) = await context.OpenAsync($"{server.Address}{VerifyPage.Path}");

        Assert.Equal(Good.Sentence, await new VerifyPage(page).CheckAsync(Good));
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    private static Task SaysAsync(VerifyPage verify, string sentence) =>
        Assertions.Expect(verify.Sentence).ToHaveTextAsync(sentence);
}
