using System.IO.MemoryMappedFiles;

namespace UniqueRandom.Storage.Marks;

/// <summary>
/// The blocks of an open file, mapped into memory. Not thread-safe, except that different bytes may be written at the same time.
/// </summary>
/// <remarks>
/// A write into the map is in the page cache at once, and survives the end of the process. <see cref="Flush"/> makes it survive
/// the loss of power. A block that was not added completely, because the disk was full or the machine stopped, is not mapped.
/// </remarks>
internal sealed class MappedBlocks : IDisposable
{
    /// <summary>The length of a block in bytes.</summary>
    public const int BlockLength = 16 << 10;

    private readonly FileStream stream;
    private MemoryMappedFile map;
    private MemoryMappedViewAccessor view;
    private unsafe byte* start;

    /// <summary>Maps the file, which must have a block, and owns it from then on.</summary>
    /// <exception cref="IOException">The file can't be mapped.</exception>
    public unsafe MappedBlocks(FileStream stream)
    {
        this.stream = stream;
        (map, view) = Map(out start);
    }

    /// <summary>Gets the length of all blocks in bytes.</summary>
    public long Capacity { get; private set; }

    /// <summary>Adds a block of zeros to a file, and syncs it.</summary>
    /// <exception cref="IOException">
    /// The file can't grow. It is as before, or the next addition replaces what was added.
    /// </exception>
    public static void Add(FileStream stream)
    {
        // Zeros, and not only a length: a full disk must not be found by a write into the map, which ends the process.
        var length = stream.Position = LengthOfBlocks(stream);
        stream.Write(new byte[BlockLength]);
        try
        {
            FileSync.Sync(stream);
        }
        catch (IOException)
        {
            // The disk may have no room for it, so the next addition has to write it again.
            stream.SetLength(length);
            throw;
        }
    }

    /// <summary>Gets the length of the complete blocks of a file in bytes.</summary>
    public static long LengthOfBlocks(FileStream stream) => stream.Length / BlockLength * BlockLength;

    /// <summary>Adds a block of zeros. Nothing may be written meanwhile.</summary>
    /// <exception cref="IOException">The file can't grow, or can't be mapped. The old map stays.</exception>
    public unsafe void Add()
    {
        Add(stream);
        var (addedMap, addedView) = Map(out var addedStart);
        Unmap();
        (map, view) = (addedMap, addedView);
        start = addedStart;
    }

    /// <summary>Returns bytes of the map, without the checks and the reference counts of its accessor.</summary>
    public unsafe Span<byte> At(long place, int length) => new(start + place, length);

    /// <summary>Syncs what was written.</summary>
    /// <exception cref="IOException">The sync failed.</exception>
    public void Flush()
    {
        // On Linux a sync of the file includes what was written into the map.
        if (!OperatingSystem.IsLinux())
            view.Flush();
        FileSync.Sync(stream);
    }

    public void Dispose()
    {
        Unmap();
        stream.Dispose();
    }

    private void Unmap()
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        map.Dispose();
    }

    private unsafe (MemoryMappedFile Map, MemoryMappedViewAccessor View) Map(out byte* first)
    {
        var length = LengthOfBlocks(stream);
        var mapped = MemoryMappedFile.CreateFromFile(
            stream, mapName: null, capacity: 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        try
        {
            var whole = mapped.CreateViewAccessor(0, length);
            first = null;
            whole.SafeMemoryMappedViewHandle.AcquirePointer(ref first);
            Capacity = length;
            return (mapped, whole);
        }
        catch
        {
            mapped.Dispose();
            throw;
        }
    }
}
