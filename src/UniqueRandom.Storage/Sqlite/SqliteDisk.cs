using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Checks whether a disk has room for the permutation of a pool, or for a backup.</summary>
internal static class SqliteDisk
{
    /// <summary>The pages of a chunk take 1.6 % more than its 4 bytes a number. One number in 50 is 2 %.</summary>
    private const int NumbersPerOverheadNumber = 50;

    /// <summary>The bytes that a transaction adds to the pages of the tables and their indexes.</summary>
    private const long Margin = 64 << 10;

    /// <summary>The size of the log before it is written back: 1000 pages and a transaction.</summary>
    private const long LargestLog = 5 << 20;

    /// <summary>Throws if a new pool does not fit beside the pools that are recorded and not stored yet.</summary>
    /// <param name="file">The database.</param>
    /// <param name="definition">The new pool.</param>
    /// <param name="missing">How many numbers of the recorded pools are not stored yet.</param>
    /// <exception cref="InsufficientDiskException">It does not fit.</exception>
    public static void Require(SqliteFile file, PoolDefinition definition, long missing)
    {
        if (definition.StoredSize == 0)
            return;
        var (own, promised) = (BytesOf(definition.StoredSize) + Margin, BytesOf(missing));
        var needed = own + promised + Math.Min(own + promised, LargestLog);
        var reused = file.Connection.Scalar("PRAGMA freelist_count") * file.Connection.Scalar("PRAGMA page_size");
        var free = FreeBytes(file.Path) + reused;
        if (needed <= free)
            return;

        var others = promised > 0 ? $", {InMebibytes(promised)} MiB of them for pools that are not stored yet" : "";
        throw new InsufficientDiskException(
            $"Storing {definition.Range.Size:N0} numbers takes {InMebibytes(needed)} MiB of disk{others}, "
            + $"and {free >> 20} MiB are free; use a smaller range or make room.");
    }

    /// <summary>Throws if a copy of the database does not fit into a directory.</summary>
    /// <exception cref="InsufficientDiskException">It does not fit.</exception>
    public static void RequireCopy(SqliteFile file, string directory)
    {
        var needed = file.Connection.Scalar("PRAGMA page_count") * file.Connection.Scalar("PRAGMA page_size") + Margin;
        var free = FreeBytesIn(directory);
        if (needed > free)
        {
            throw new InsufficientDiskException(
                $"A copy of the database takes {InMebibytes(needed)} MiB, and {free >> 20} MiB are free in '{directory}'; "
                + "make room.");
        }
    }

    /// <summary>Gets the free space for this user on the file system of a file, with links resolved.</summary>
    private static long FreeBytes(string path) =>
        FreeBytesIn(Path.GetDirectoryName(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path)!);

    private static long FreeBytesIn(string directory) =>
        new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(directory)! : directory).AvailableFreeSpace;

    private static long BytesOf(long numbers) => (numbers + numbers / NumbersPerOverheadNumber) * sizeof(uint);

    private static long InMebibytes(long bytes) => (bytes + (1 << 20) - 1) >> 20;
}
