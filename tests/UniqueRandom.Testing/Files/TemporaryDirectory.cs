using System.Security.Cryptography;

namespace UniqueRandom.Testing.Files;

/// <summary>A directory for one test, in the system's temporary directory, removed afterwards.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("unique-random-").FullName;

    public string Database => File("numbers.db");

    public string Mark => File("numbers.db.mark");

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>
    /// Gets every name in the directory with a hash of its content, to verify that nothing was changed.
    /// </summary>
    public SortedDictionary<string, string> Contents()
    {
        var contents = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in new DirectoryInfo(Path).EnumerateFileSystemInfos())
            contents.Add(entry.FullName, entry is FileInfo file ? Hash(file) : "directory");
        return contents;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static string Hash(FileInfo file)
    {
        try
        {
            using var stream = file.OpenRead();
            return Convert.ToHexString(SHA256.HashData(stream));
        }
        catch (IOException) when (file.Name.EndsWith(".lock", StringComparison.Ordinal))
        {
            // Locked by a running server; only its presence matters.
            return $"{file.Length} bytes";
        }
    }
}
