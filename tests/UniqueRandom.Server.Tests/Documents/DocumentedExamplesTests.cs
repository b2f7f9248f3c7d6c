using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Network;

namespace UniqueRandom.Server.Tests.Documents;

/// <summary>Runs the examples of the documents. Each section has its own directory and its own server.</summary>
public sealed class DocumentedExamplesTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly ExampleValues values = new(string.Join('\n', MarkdownDocument.Of("src/docs/DESIGN.md").Lines));

    /// <summary>All sections except those that are run by <see cref="ClientExamplesTests"/>.</summary>
    public static TheoryData<string, string> Sections =>
        ExampleSection.In(MarkdownDocument.All.Where(document => document.Path != ClientExamplesTests.Document));

    public void Dispose() => directory.Dispose();

    [Theory]
    [MemberData(nameof(Sections))]
    public async Task The_examples_of_a_section_produce_the_documented_output(string document, string section)
    {
        var examples = new ExampleSection(document, section);
        examples.SkipUnlessInstalled();
        var ports = new[] { "8000", "8001", "8002", "5433", "6379" }.ToDictionary(port => port, _ => LoopbackPort.Take());
        foreach (var (shown, port) in ports)
            values.Set(shown, $"{port}");

        await using var shell = await ExampleShell.StartAsync(directory, ports["8000"], ports["6379"]);
        await examples.RunAsync(shell, directory, values);
    }

    [Fact]
    public void Every_block_is_used_by_an_example_or_is_marked_as_ignored()
    {
        foreach (var document in MarkdownDocument.All.Where(document => document.HasExamples))
        {
            var run = document.Blocks.Where(block => block.IsRun).ToArray();
            foreach (var block in document.Blocks.Except(run))
            {
                Assert.True(
                    block.Language is "" or "mermaid" || block.Attributes.Contains("ignore")
                        || (block.FileName is not null && run.Any(other => other.Section == block.Section)),
                    $"{document.Path}: a block of the section {block.Section} is not tested: {block.Lines[0]}");
            }
        }
    }
}
