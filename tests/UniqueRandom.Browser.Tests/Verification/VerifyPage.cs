using Microsoft.Playwright;
using UniqueRandom.Testing.Audit;

namespace UniqueRandom.Browser.Tests.Verification;

/// <summary>The page that verifies a pool, as a user works with it.</summary>
internal sealed class VerifyPage(IPage page)
{
    public const string Path = "verify";

    public ILocator Files => page.GetByLabel("Choose the status and the log of a pool");

    public ILocator Commitment => page.GetByLabel("Commitment that was published before the first draw");

    public ILocator Result => page.GetByRole(AriaRole.Status);

    public ILocator Sentence => Result.GetByRole(AriaRole.Paragraph).First;

    /// <summary>Chooses the files of a case, and returns the sentence.</summary>
    public async Task<string> CheckAsync(AuditCase files)
    {
        await Commitment.FillAsync(files.Commitment ?? "");
        // So that the sentence of the previous case isn't read.
        await Result.EvaluateAsync("region => region.firstElementChild.hidden = true");
        await Files.SetInputFilesAsync([Payload(AuditCase.StatusFile, files.Status), Payload("log.txt", files.Log)]);
        return await ReadAsync();
    }

    /// <summary>Waits for the sentence, and returns it.</summary>
    public async Task<string> ReadAsync()
    {
        await Sentence.WaitForAsync();
        return await Sentence.TextContentAsync() ?? "";
    }

    public static FilePayload Payload(string name, string text) =>
        new() { Name = name, MimeType = "text/plain", Buffer = System.Text.Encoding.UTF8.GetBytes(text) };
}
