using UniqueRandom.Audit;
using UniqueRandom.Testing.Audit;

namespace UniqueRandom.Core.Tests.Audit;

/// <summary>Good and forged files give the sentence that scripts/verify.cs prints.</summary>
public sealed class AuditCaseTests
{
    public static TheoryData<string> Names => [.. AuditCases.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Files_give_their_sentence(string name) =>
        Assert.Equal(AuditCases.Named(name).Sentence, Audit(AuditCases.Named(name)));

    private static string Audit(AuditCase files)
    {
        try
        {
            var pool = ExportedStatus.Read(string.Join('\n', Lines(files.Status)), AuditCase.StatusFile, files.Commitment);
            var finding = OrderAudit.Check(pool, Lines(files.Log));
            Assert.Equal(finding.Holds, files.Sentence.StartsWith("Holds", StringComparison.Ordinal));
            return finding.Sentence;
        }
        catch (InvalidDataException refusal)
        {
            return refusal.Message;
        }
        catch (FormatException badLine)
        {
            return $"The log can't be checked: {badLine.Message}";
        }
    }

    /// <summary>The lines as the script reads them from a file.</summary>
    private static IEnumerable<string> Lines(string text)
    {
        var reader = new StringReader(text.TrimStart('\uFEFF'));
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}
