namespace UniqueRandom.Benchmarks.Disk;

/// <summary>The file system a directory is on.</summary>
internal sealed record FileSystem(string Device, string Type)
{
    public bool IsInMemory => Type is "tmpfs" or "ramfs" or "devtmpfs";

    /// <summary>As /proc/self/mounts has it: the deepest mount point above the directory, and of those the last one mounted.</summary>
    public static FileSystem Of(string directory)
    {
        var mount = File.ReadLines("/proc/self/mounts")
            .Select(line => line.Split(' '))
            .Where(fields => Contains(fields[1].Replace("\\040", " ", StringComparison.Ordinal), directory))
            .Reverse()
            .MaxBy(fields => fields[1].Length) ?? throw new InvalidOperationException($"No file system has '{directory}'.");
        return new FileSystem(mount[0], mount[2]);
    }

    private static bool Contains(string mountPoint, string directory) =>
        (directory + '/').StartsWith(mountPoint.TrimEnd('/') + '/', StringComparison.Ordinal);
}
