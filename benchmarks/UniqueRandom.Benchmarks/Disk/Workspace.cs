namespace UniqueRandom.Benchmarks.Disk;

/// <summary>
/// A directory for the databases of one run, removed at its end: below $TMPDIR, or else below <c>artifacts</c> in the current directory.
/// </summary>
internal sealed class Workspace : IDisposable
{
    private readonly string root;

    private Workspace(string root, FileSystem fileSystem)
    {
        this.root = root;
        FileSystem = fileSystem;
    }

    public FileSystem FileSystem { get; }

    /// <exception cref="InvalidOperationException">It would lie in memory, where a sync costs nothing.</exception>
    public static Workspace Create()
    {
        var parent = Environment.GetEnvironmentVariable("TMPDIR") is { Length: > 0 } temporary
            ? temporary
            : Path.Combine(Environment.CurrentDirectory, "artifacts");
        var root = Directory.CreateDirectory(Path.GetFullPath(Path.Combine(parent, $"benchmark-{Guid.NewGuid():n}"))).FullName;
        var fileSystem = FileSystem.Of(root);
        var workspace = new Workspace(root, fileSystem);
        if (!fileSystem.IsInMemory)
            return workspace;

        workspace.Dispose();
        throw new InvalidOperationException($"'{parent}' is on {fileSystem.Type}, in memory; set TMPDIR to a directory on a disk.");
    }

    public string PathOf(string name) => Path.Combine(root, name);

    public string NewDirectory(string name) => Directory.CreateDirectory(PathOf(name)).FullName;

    /// <summary>Copies a closed database, down to the disk, so that nothing is left to be written while something is measured.</summary>
    public string Copy(string path, string name)
    {
        var copy = PathOf(name);
        File.Copy(path, copy);
        using var file = File.OpenWrite(copy);
        file.Flush(flushToDisk: true);
        return copy;
    }

    /// <summary>Removes a closed database with all that lies beside it.</summary>
    public void Remove(string name)
    {
        foreach (var file in Directory.EnumerateFiles(root, name + "*"))
            File.Delete(file);
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
