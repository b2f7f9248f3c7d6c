using Microsoft.Playwright;
using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Audit;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Fixtures;

namespace UniqueRandom.Browser.Tests.Verification;

/// <summary>The page gives the sentences of scripts/verify.cs.</summary>
public sealed class SentenceTests(Chromium chromium, ApiServer server) : IClassFixture<ApiServer>
{
    private static readonly AuditCase Good = AuditCases.Named("whole pool");

    public static TheoryData<string> Groups => [.. AuditCases.Groups];

    [Theory]
    [MemberData(nameof(Groups))]
    public async Task Good_and_forged_files_give_their_sentences(string group) =>
        await AssertSentencesAsync($"{server.Address}{VerifyPage.Path}", AuditCases.NamesIn(group));

    [Fact]
    public async Task The_saved_page_gives_the_same_sentences()
    {
        using var directory = new TemporaryDirectory();
        var address = await SaveAsync(directory);

        await AssertSentencesAsync(
            address,
            ["whole pool", "many numbers as CSV", "largest integers", "swapped numbers", "other seed", "log: null"]);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task Files_in_the_encoding_of_Windows_can_be_read(string encoding)
    {
        await using var context = await chromium.NewContextAsync();
        var (page, _) = await context.OpenAsync($"{server.Address}{VerifyPage.Path}");
        var verify = new VerifyPage(page);

        await verify.Files.SetInputFilesAsync([Encode("status.json", Good.Status), Encode("log.jsonl", Good.Log)]);

        Assert.Equal(Good.Sentence, await verify.ReadAsync());

        FilePayload Encode(string name, string text)
        {
            var target = System.Text.Encoding.GetEncoding(encoding);
            return new() { Name = name, MimeType = "text/plain", Buffer = [.. target.GetPreamble(), .. target.GetBytes(text)] };
        }
    }

    /// <summary>The page reads 4 MiB at a time.</summary>
    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task Lines_can_end_anywhere_in_a_chunk(string lineBreak)
    {
        const int chunk = 4 << 20;
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory.File("status.json"), Good.Status);
        await using var context = await chromium.NewContextAsync();
        var (page, _) = await context.OpenAsync($"{server.Address}{VerifyPage.Path}");
        var verify = new VerifyPage(page);
        foreach (var shift in (int[])[0, 1, 2])
        {
            var first = SampleLog.JsonLine(0, 1, 3);
            var log = first + new string(' ', chunk - first.Length - shift) + lineBreak + SampleLog.JsonLine(1, 1, shift);
            await File.WriteAllTextAsync(directory.File($"{shift}.jsonl"), log);

            await verify.Files.SetInputFilesAsync([directory.File("status.json"), directory.File($"{shift}.jsonl")]);

            await Assertions.Expect(verify.Sentence).ToHaveTextAsync(
                $"Deviates at line 2, position 1: the log has {shift}, and the permutation 8.");
        }
    }

    private async Task AssertSentencesAsync(string address, IEnumerable<string> names)
    {
        await using var context = await chromium.NewContextAsync();
        var watch = new PageWatch(context);
        var page = new VerifyPage((await context.OpenAsync(address)).Page);
        var differences = new List<string>();
        foreach (var name in names)
        {
            var sentence = await page.CheckAsync(AuditCases.Named(name));
            if (sentence != AuditCases.Named(name).Sentence)
                differences.Add($"{name}: {sentence}");
        }

        Assert.Equal([], differences);
        watch.AssertNone();
    }

    private async Task<string> SaveAsync(TemporaryDirectory directory)
    {
        var file = directory.File("verify.html");
        await File.WriteAllBytesAsync(file, await server.Client.GetByteArrayAsync($"/{VerifyPage.Path}"));
        return new Uri(file).AbsoluteUri;
    }
}
