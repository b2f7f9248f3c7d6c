namespace UniqueRandom.Server.Tests.Documents;

/// <summary>A document of the repository, with its headings and code blocks.</summary>
internal sealed class MarkdownDocument
{
    private const string Fence = "```";

    private MarkdownDocument(string path)
    {
        Path = path;
        Lines = File.ReadAllLines(System.IO.Path.Combine(Repository, path));
        string? section = null;
        for (var i = 0; i < Lines.Count; i++)
        {
            if (Lines[i].StartsWith('#'))
                Headings.Add(Lines[i].TrimStart('#', ' '));
            if (Lines[i].StartsWith("## ", StringComparison.Ordinal))
                section = Headings[^1];
            if (!Lines[i].StartsWith(Fence, StringComparison.Ordinal))
                continue;

            var (start, info) = (i, Lines[i][Fence.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
            do
                i++;
            while (Lines[i] != Fence);
            var lines = Lines.Take(i).Skip(start + 1).ToArray();
            Blocks.Add(new CodeBlock(section ?? Headings[0], info.FirstOrDefault(""), [.. info.Skip(1)], lines));
        }
    }

    /// <summary>The directory of the solution.</summary>
    public static string Repository { get; } = FindRepository(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>All documents whose examples and links are checked.</summary>
    public static IReadOnlyList<MarkdownDocument> All { get; } =
    [
        .. new[] { "README.md", "benchmarks/README.md", "src/UniqueRandom.Client/README.md" }
            .Concat(new[] { "CLIENTS", "DESIGN", "OPERATIONS", "REDIS", "VERIFYING" }.Select(name => $"src/docs/{name}.md"))
            .Select(path => new MarkdownDocument(path)),
    ];

    /// <summary>The path below the repository.</summary>
    public string Path { get; }

    /// <summary>False for the results of the benchmarks, which a script writes.</summary>
    public bool HasExamples => Path != "benchmarks/README.md";

    public IReadOnlyList<string> Lines { get; }

    public List<string> Headings { get; } = [];

    public List<CodeBlock> Blocks { get; } = [];

    public static MarkdownDocument Of(string path) => All.Single(document => document.Path == path);

    private static string FindRepository(DirectoryInfo directory)
    {
        while (!File.Exists(System.IO.Path.Combine(directory.FullName, "UniqueRandom.sln")))
            directory = directory.Parent ?? throw new InvalidOperationException("The tests must run below UniqueRandom.sln.");
        return directory.FullName;
    }
}

/// <summary>A fenced block.</summary>
/// <param name="Section">The heading of the second level above it.</param>
/// <param name="Language">The first word after the fence.</param>
/// <param name="Attributes">
/// The other words. <c>file=NAME</c>: the block is the content of this file. <c>ignore</c>: the block isn't run.
/// <c>needs=PROGRAM</c>: the section is run where the program is installed; <c>postgres</c> is PostgreSQL.
/// </param>
/// <param name="Lines">The lines between the fences.</param>
internal sealed record CodeBlock(string Section, string Language, string[] Attributes, IReadOnlyList<string> Lines)
{
    public string? FileName => ValueOf("file");

    public bool IsRun => Language is "sh" or "console" && !Attributes.Contains("ignore");

    /// <summary>What must be installed to run the block; null if no more than for the others.</summary>
    public string? Needs => ValueOf("needs");

    /// <summary>The commands of the block, each with the output that the document shows; null if it shows none.</summary>
    public IEnumerable<(string Script, string? Output)> Commands()
    {
        if (Language == "sh")
            yield return (string.Join('\n', Lines), null);

        for (var i = 0; Language == "console" && i < Lines.Count;)
        {
            Assert.StartsWith("$ ", Lines[i]);
            var command = Lines[i++][2..];
            while (command.EndsWith('\\'))
                command += "\n" + Lines[i++];
            var output = Lines.Skip(i).TakeWhile(line => !line.StartsWith("$ ", StringComparison.Ordinal)).ToArray();
            i += output.Length;
            yield return (command, string.Join('\n', output));
        }
    }

    private string? ValueOf(string name) => Attributes
        .SingleOrDefault(word => word.StartsWith($"{name}=", StringComparison.Ordinal))?[(name.Length + 1)..];
}
