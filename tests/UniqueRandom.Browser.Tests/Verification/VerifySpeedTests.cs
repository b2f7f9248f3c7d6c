using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Fixtures;

namespace UniqueRandom.Browser.Tests.Verification;

/// <summary>How long the page takes for 1,000,000 numbers, by its own clock. A measurement, not a check.</summary>
public sealed class VerifySpeedTests(Chromium chromium, ApiServer server, ITestOutputHelper output) : IClassFixture<ApiServer>
{
    private const int Rounds = 5;

    [Theory(Explicit = true)]
    [InlineData("lines of 10,000 numbers")]
    [InlineData("lines of one number")]
    [InlineData("CSV")]
    public async Task A_million_numbers(string format)
    {
        using var directory = new TemporaryDirectory();
        var (status, log, sentence) = await LargeFiles.WriteAsync(directory, 1_000_000, format);
        for (var round = 0; round < Rounds; round++)
        {
            await using var context = await chromium.NewContextAsync();
            var (page, _) = await context.OpenAsync($"{server.Address}{VerifyPage.Path}");
            var verify = new VerifyPage(page);

            await verify.Files.SetInputFilesAsync([status, log]);

            Assert.Equal(sentence, await verify.ReadAsync());
            output.WriteLine($"{format}: {await page.GetByText("Computed in this browser").TextContentAsync()}");
        }
    }
}
