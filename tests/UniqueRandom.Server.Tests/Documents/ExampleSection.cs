using System.Text.RegularExpressions;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Server.Tests.Documents;

/// <summary>The examples of a section, which share a directory and a session.</summary>
internal sealed partial class ExampleSection(string document, string section)
{
    private readonly CodeBlock[] blocks =
        [.. MarkdownDocument.Of(document).Blocks.Where(block => block.Section == section)];

    /// <summary>The documents and sections that have something to run.</summary>
    public static TheoryData<string, string> In(IEnumerable<MarkdownDocument> documents) => new(
        from document in documents
        where document.HasExamples
        from section in document.Blocks.Where(block => block.IsRun).Select(block => block.Section).Distinct()
        select (document.Path, section));

    /// <summary>Skips the test if a program that the section needs is missing.</summary>
    public void SkipUnlessInstalled()
    {
        Assert.SkipWhen(ExampleShell.MissingProgram is not null, $"To run the examples, install {ExampleShell.MissingProgram}.");
        foreach (var program in blocks.Select(block => block.Needs).OfType<string>().Distinct())
        {
            if (program == "postgres")
                Assert.SkipUnless(PostgresPrograms.AreInstalled, $"To run these examples, {PostgresPrograms.Advice}");
            else
                Assert.SkipWhen(ExampleShell.FindMissing(program) is not null, $"To run these examples, install {program}.");
        }
    }

    /// <summary>Stores the files, runs the commands, and compares what they write with what the document shows.</summary>
    public async Task RunAsync(ExampleShell shell, TemporaryDirectory directory, ExampleValues values)
    {
        foreach (var block in blocks)
        {
            if (block.FileName is { } file)
                await File.WriteAllTextAsync(directory.File(file), values.Substitute(string.Join('\n', block.Lines)) + "\n");
            else if (block.IsRun)
                await RunAsync(shell, values, block);
        }
    }

    private static async Task RunAsync(ExampleShell shell, ExampleValues values, CodeBlock block)
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
