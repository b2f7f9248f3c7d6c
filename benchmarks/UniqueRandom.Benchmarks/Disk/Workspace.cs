namespace UniqueRandom.Benchmarks.Disk;

/// <summary>
/// A temporary directory for databases, in $TMPDIR or else in <c>artifacts</c> below the current directory. Disposal removes it.
/// </summary>
internal sealed class Workspace : IDisposable
{
    private static readonly string[] InMemory = ["tmpfs", "ramfs", "devtmpfs"];

    private readonly string root;

    private Workspace(string root) => this.root = root;

    public string FileSystem => new DriveInfo(root).DriveFormat;

    /// <exception cref="InvalidOperationException">The directory is in memory, where a sync costs nothing.</exception>
    public static Workspace Create()
    {
        var parent = Environment.GetEnvironmentVariable("TMPDIR") is { Length: > 0 } temporary
            ? temporary
            : Path.Combine(Environment.CurrentDirectory, "artifacts");
        var root = Directory.CreateDirectory(Path.GetFullPath(Path.Combine(parent, $"benchmark-{Guid.NewGuid():n}"))).FullName;
        var workspace = new Workspace(root);
        if (!InMemory.Contains(workspace.FileSystem))
            return workspace;

        workspace.Dispose();
        throw new InvalidOperationException($"'{parent}' is in memory. Set TMPDIR to a directory on a disk.");
    }

    public string PathOf(string name) => Path.Combine(root, name);

    public string CreateDirectory(string name) => Directory.CreateDirectory(PathOf(name)).FullName;

    /// <summary>Copies a closed database and syncs the copy, so that nothing is written later, during a measurement.</summary>
    public void Copy(string name, string copy)
    {
        File.Copy(PathOf(name), PathOf(copy));
        using var file = File.OpenWrite(PathOf(copy));
        file.Flush(flushToDisk: true);
    }

    /// <summary>Removes a closed database with the files beside it.</summary>
    public void Remove(string name)
    {
        foreach (var file in Directory.EnumerateFiles(root, name + "*"))
            File.Delete(file);
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
