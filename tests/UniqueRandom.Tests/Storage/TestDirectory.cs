namespace UniqueRandom.Tests.Storage;

/// <summary>A directory of one test's own.</summary>
internal sealed class TestDirectory : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("uniquerandom-");

    public string Path => directory.FullName;

    public string Database => System.IO.Path.Combine(Path, "numbers.db");

    public void Dispose() => directory.Delete(recursive: true);
}
