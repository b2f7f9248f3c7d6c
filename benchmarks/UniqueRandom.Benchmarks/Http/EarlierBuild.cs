using System.Diagnostics;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>A build of the server from an earlier commit, to be measured beside this one.</summary>
/// <param name="Program">Its executable.</param>
/// <param name="Name">Its commit, as far as it is known.</param>
internal sealed record EarlierBuild(string Program, string Name)
{
    private const int ShortCommit = 7;

    /// <exception cref="InvalidOperationException">There is no server in the directory.</exception>
    public static EarlierBuild In(string directory)
    {
        var program = Path.GetFullPath(Path.Combine(directory, "UniqueRandom.Server"));
        if (!File.Exists(program) || !File.Exists(program + ".dll"))
        {
            throw new InvalidOperationException(
                $"There is no server in '{directory}'. Build one in a checkout of an earlier commit: dotnet build src/UniqueRandom.Server -c Release -o DIR");
        }

        // The SDK writes the commit behind the version: 1.0.0+c75851f805155a8370e77938d29461dab8b4604b.
        var commit = FileVersionInfo.GetVersionInfo(program + ".dll").ProductVersion?.Split('+') is [_, { Length: >= ShortCommit } known]
            ? known[..ShortCommit]
            : "an earlier build";
        return new EarlierBuild(program, commit);
    }
}
