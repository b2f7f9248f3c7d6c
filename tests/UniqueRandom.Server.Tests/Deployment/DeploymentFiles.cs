using UniqueRandom.Server.Tests.Documents;

namespace UniqueRandom.Server.Tests.Deployment;

/// <summary>The files of scripts/deploy.</summary>
internal static class DeploymentFiles
{
    public static string Unit => PathOf("uniquerandom.service");

    public static string[] ReadDockerfile() => File.ReadAllLines(PathOf("Dockerfile"));

    public static string ReadManifest() => File.ReadAllText(PathOf("kubernetes.yaml"));

    private static string PathOf(string name) => Path.Combine(MarkdownDocument.Repository, "scripts/deploy", name);
}
