using System.Text.RegularExpressions;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Server.Tests.Documents;

/// <summary>Runs the examples of the documents. Each section has its own directory and its own server.</summary>
public sealed partial class DocumentedExamplesTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly ExampleValues values = new(string.Join('\n', MarkdownDocument.Of("src/docs/DESIGN.md").Lines));

    public static TheoryData<string, string> Sections
    {
        get
        {
            var sections = new TheoryData<string, string>();
            foreach (var document in MarkdownDocument.All.Where(document => document.HasExamples))
            {
                foreach (var section in document.Blocks.Where(block => block.IsRun).Select(block => block.Section).Distinct())
                    sections.Add(document.Path, section);
            }

            return sections;
        }
    }

    public void Dispose() => directory.Dispose();

    [Theory]
    [MemberData(nameof(Sections))]
    public async Task The_examples_of_a_section_produce_the_documented_output(string document, string section)
    {
        var blocks = MarkdownDocument.Of(document).Blocks.Where(block => block.Section == section).ToArray();
        Assert.SkipWhen(ExampleShell.MissingProgram is not null, $"To run the examples, install {ExampleShell.MissingProgram}.");
        var isSkipped = blocks.Any(block => block.NeedsPostgres) && !PostgresPrograms.AreInstalled;
        Assert.SkipWhen(isSkipped, $"To run these examples, {PostgresPrograms.Advice}");
        var ports = new[] { "8000", "8001", "8002", "5433", "6379" }.ToDictionary(port => port, _ => LoopbackPort.Take());
        foreach (var (shown, port) in ports)
            values.Set(shown, $"{port}");

        await using var shell = await ExampleShell.StartAsync(directory, ports["8000"], ports["6379"]);
        foreach (var block in blocks)
        {
            if (block.FileName is { } file)
                await File.WriteAllTextAsync(directory.File(file), values.Substitute(string.Join('\n', block.Lines)) + "\n");
            else if (block.IsRun)
                await RunAsync(shell, block);
        }
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

    private async Task RunAsync(ExampleShell shell, CodeBlock block)
    {
        foreach (var (command, shown) in block.Commands())
        {
            var (code, output, log) = await shell.RunAsync(values.Substitute(Started().Replace(command, "$1")));
            Assert.True(code == 0, $"{command}\nended with {code}: {output}\n{log}");
            if (shown is not null && values.Compare(shown, output) is { } difference)
                Assert.Fail($"{command}\n{difference}\nThe document shows:\n{shown}\nThe output is:\n{output}\n{log}");
        }
    }

    // The session starts the server in the background and continues when it is ready.
    [GeneratedRegex("^(dotnet run --project .*) &$", RegexOptions.Multiline)]
    private static partial Regex Started();
}
