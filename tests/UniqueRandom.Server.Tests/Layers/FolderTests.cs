using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using static ArchUnitNET.Fluent.Slices.SliceRuleDefinition;

namespace UniqueRandom.Server.Tests.Layers;

/// <summary>
/// A folder is a concern. Its namespace follows its path; the namespaces of Core omit the project's name, and what registers
/// services has the namespace of the container.
/// </summary>
public sealed partial class FolderTests
{
    [Theory]
    [InlineData("UniqueRandom.Core")]
    [InlineData("UniqueRandom.Storage")]
    [InlineData("UniqueRandom.Server")]
    [InlineData("UniqueRandom.Client")]
    public void Compiled_dependencies_between_folders_run_one_way(string project) =>
        Slices().Matching("UniqueRandom.(**)").Should().BeFreeOfCycles()
            .Check(new ArchLoader().LoadAssemblies(Assembly.Load(project)).Build());

    /// <summary>The compiler copies constants, so only using directives show where they come from.</summary>
    [Theory]
    [InlineData("UniqueRandom.Core")]
    [InlineData("UniqueRandom.Storage")]
    [InlineData("UniqueRandom.Server")]
    [InlineData("UniqueRandom.Client")]
    public void Using_directives_between_folders_run_one_way(string project)
    {
        var files = Directory.EnumerateFiles(Path.Combine(Source(), project), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .Select(File.ReadAllText).Where(text => Namespace().IsMatch(text)).ToList();
        var folders = files.Select(text => Namespace().Match(text).Groups[1].Value).ToHashSet();
        var uses = (
            from text in files
            from used in Using().Matches(text).Select(match => match.Groups[1].Value)
            where folders.Contains(used)
            select (From: Namespace().Match(text).Groups[1].Value, To: used)).Distinct().ToLookup(use => use.From, use => use.To);
        Assert.NotEmpty(folders);

        var cyclic = from use in uses from to in use where Reachable(uses, to).Contains(use.Key) select $"{use.Key} -> {to}";
        Assert.True(!cyclic.Any(), $"These are part of a cycle:\n{string.Join('\n', cyclic.Order(StringComparer.Ordinal))}");
    }

    private static HashSet<string> Reachable(ILookup<string, string> uses, string from)
    {
        var reached = new HashSet<string> { from };
        var next = new Queue<string>([from]);
        while (next.TryDequeue(out var folder))
        {
            foreach (var to in uses[folder].Where(reached.Add))
                next.Enqueue(to);
        }

        return reached;
    }

    private static string Source([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "../../../src");

    [GeneratedRegex(@"^namespace (UniqueRandom\.[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^using (UniqueRandom\.[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();
}
