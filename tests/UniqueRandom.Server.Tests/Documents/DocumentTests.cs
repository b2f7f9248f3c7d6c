using System.Text.Json;
using System.Text.RegularExpressions;
using UniqueRandom.Server.Configuration;
using UniqueRandom.Server.Docs;

namespace UniqueRandom.Server.Tests.Documents;

/// <summary>Checks the links, the completeness and the format of the documents.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Every_link_between_documents_targets_a_file_and_a_heading()
    {
        var links = 0;
        foreach (var document in MarkdownDocument.All)
        {
            foreach (var target in Links(document))
            {
                var (path, heading) = target.Split('#') is [var file, var anchor] ? (file, anchor) : (target, null);
                var directory = Path.GetDirectoryName(Full(document.Path))!;
                var full = path.Length == 0 ? Full(document.Path) : Path.GetFullPath(Path.Combine(directory, path));
                Assert.True(Path.Exists(full), $"{document.Path} links to {target}, and there is no such file.");
                if (heading is not null)
                {
                    var anchors = MarkdownDocument.All.Single(other => Full(other.Path) == full).Headings.Select(Anchor);
                    Assert.True(anchors.Contains(heading), $"{document.Path} links to {target}, and there is no such heading.");
                }

                links++;
            }
        }

        Assert.InRange(links, 20, int.MaxValue);
    }

    [Fact]
    public void The_readme_has_at_most_150_lines_and_no_document_exceeds_130_columns()
    {
        Assert.InRange(MarkdownDocument.Of("README.md").Lines.Count, 1, 150);
        foreach (var document in MarkdownDocument.All.Where(document => document.HasExamples))
            Assert.All(document.Lines, line => Assert.True(line.Length <= 130, $"{document.Path}: {line}"));
    }

    [Fact]
    public void Every_setting_is_documented()
    {
        var lines = MarkdownDocument.Of("src/docs/OPERATIONS.md").Lines;
        foreach (var row in Switches.All.Select(known => $"| `{known.Name}` | `{known.Environment}` |"))
            Assert.Contains(lines, line => line.StartsWith(row, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_described_route_is_in_the_readme()
    {
        var readme = string.Join('\n', MarkdownDocument.Of("README.md").Lines);
        using var description = JsonDocument.Parse(Documentation.OpenDescription());
        foreach (var path in description.RootElement.GetProperty("paths").EnumerateObject())
        {
            foreach (var method in path.Value.EnumerateObject().Where(member => member.Name is "get" or "put" or "post"))
                Assert.Contains($"`{method.Name.ToUpperInvariant()} {path.Name}`", readme, StringComparison.Ordinal);
        }
    }

    private static string Full(string path) => Path.Combine(MarkdownDocument.Repository, path);

    private static IEnumerable<string> Links(MarkdownDocument document) => Link()
        .Matches(string.Join('\n', document.Lines))
        .Select(link => link.Groups["target"].Value)
        .Where(target => !target.StartsWith("http", StringComparison.Ordinal));

    /// <summary>Creates the anchor of a heading as GitHub does.</summary>
    private static string Anchor(string heading) => NoAnchor().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)|^\[[^\]]+\]: (?<target>\S+)$", RegexOptions.Multiline)]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoAnchor();
}
