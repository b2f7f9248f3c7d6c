using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Marks;

/// <summary>
/// The mapped file of a <see cref="HighWaterMark"/>: which database it belongs to, and a slot for each pool with its exact cursor
/// and its ceiling. Not thread-safe, except that different slots may be written at the same time.
/// </summary>
/// <remarks>
/// <para>Little-endian. The first 256 bytes are "URmark1" and a zero, the identity of the database (16 bytes), the SHA-256 of
/// both, and at 64 a counter in two copies (<see cref="CheckedValue"/>). A slot has 256 bytes: the commitment of the pool (32
/// bytes), its name (64 bytes of ASCII, filled up with zeros), the SHA-256 of both, the exact cursor and the ceiling, each in two
/// copies, and zeros. A slot of zeros ends the slots.</para>
/// <para>A write into the map is in the page cache at once, and survives the end of the process. <see cref="Sync"/> makes it
/// survive the loss of power.</para>
/// </remarks>
internal sealed class MarkFile : IDisposable
{
    private const int SlotLength = 256;
    private const int GrowthLength = 16 << 10;
    private const int HeaderLength = 256;
    private const int IdentityPlace = 8;
    private const int HeaderHashPlace = 24;
    private const int CounterPlace = 64;
    private const int ExactPlace = MarkKey.Length;
    private const int CeilingPlace = ExactPlace + CheckedValue.Length;

    private readonly Dictionary<MarkKey, int> slots = [];
    private readonly FileStream stream;
    private MemoryMappedFile map;
    private MemoryMappedViewAccessor view;
    private unsafe byte* start;
    private long counter;

    private MarkFile(string path, FileStream stream)
    {
        Path = path;
        this.stream = stream;
        (map, view) = Map();
    }

    private static ReadOnlySpan<byte> Magic => "URmark1\0"u8;

    public string Path { get; }

    /// <summary>Gets the identity of the database that the mark belongs to.</summary>
    public Guid Identity { get; private init; }

    /// <summary>Gets the pools that have a slot.</summary>
    public IReadOnlyCollection<MarkKey> Pools => slots.Keys;

    /// <summary>Creates the file, synced, with its name in the directory.</summary>
    /// <exception cref="IOException">The file exists, or can't be written.</exception>
    public static MarkFile Create(string path, Guid identity)
    {
        // Under another name first, so that a process that is killed leaves no part of a mark.
        var partial = $"{path}.new";
        File.Delete(partial);
        WriteEmpty(partial, identity);
        File.Move(partial, path);
        DirectorySync.Sync(System.IO.Path.GetDirectoryName(path)!);
        return Open(path)!;
    }

    /// <summary>Replaces the file at once by one with other slots, of the same database. The file must not be open.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public static void Replace(string path, Guid identity, IEnumerable<(MarkKey Pool, long Cursor)> pools)
    {
        var successor = $"{path}.next";
        File.Delete(successor);
        using (var file = Create(successor, identity))
        {
            foreach (var (pool, cursor) in pools)
            {
                var slot = file.Add(pool);
                file.WriteExact(slot, cursor);
                file.WriteCeiling(slot, cursor);
            }

            file.Sync();
        }

        File.Move(successor, path, overwrite: true);
        DirectorySync.Sync(System.IO.Path.GetDirectoryName(path)!);
    }

    /// <summary>Opens the file and verifies all of it. Changes nothing.</summary>
    /// <returns>Null if there is no such file.</returns>
    /// <exception cref="StoreRefusedException">The file is damaged, is not a mark, or can't be opened.</exception>
    public static MarkFile? Open(string path)
    {
        FileStream? stream = null;
        try
        {
            if (!System.IO.Path.Exists(path))
                return null;
            stream = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
            });
            return Read(path, stream);
        }
        catch (Exception error)
        {
            stream?.Dispose();
            if (error is IOException or UnauthorizedAccessException)
                throw new StoreRefusedException($"The mark '{path}' can't be opened ({error.Message.TrimEnd('.')}).", error);
            throw;
        }
    }

    /// <summary>Adds a slot, with both values 0. Not synced.</summary>
    /// <exception cref="IOException">The file can't grow.</exception>
    public int Add(MarkKey pool)
    {
        var slot = slots.Count;
        if (PlaceOf(slot + 1) > view.Capacity)
            Grow();
        var place = PlaceOf(slot);
        WriteValue(place + ExactPlace, 0);
        WriteValue(place + CeilingPlace, 0);
        view.WriteArray(place, pool.ToBytes(), 0, MarkKey.Length);
        slots.Add(pool, slot);
        return slot;
    }

    /// <summary>Finds the slot of a pool; null if it has none.</summary>
    public int? Find(MarkKey pool) => slots.TryGetValue(pool, out var slot) ? slot : null;

    /// <exception cref="StoreRefusedException">The slot is damaged.</exception>
    public (long Exact, long Ceiling) Read(int slot)
    {
        var place = PlaceOf(slot);
        var (exact, ceiling) = (ReadValue(place + ExactPlace), ReadValue(place + CeilingPlace));
        return exact is null || ceiling is null ? throw Damaged(Path, slot) : (exact.Value, ceiling.Value);
    }

    public void WriteExact(int slot, long cursor) => WriteValue(PlaceOf(slot) + ExactPlace, cursor);

    public void WriteCeiling(int slot, long ceiling) => WriteValue(PlaceOf(slot) + CeilingPlace, ceiling);

    /// <summary>Syncs what was written, and verifies that the path still leads to this file.</summary>
    /// <exception cref="IOException">The sync failed, or the file was moved, replaced or removed.</exception>
    public void Sync()
    {
        WriteValue(CounterPlace, ++counter);
        // On Linux a sync of the file includes what was written into the map.
        if (!OperatingSystem.IsLinux())
            view.Flush();
        stream.Flush(flushToDisk: true);
        if (!IsInPlace())
            throw new IOException("it was moved, replaced or removed while it was open");
    }

    public void Dispose()
    {
        Unmap();
        stream.Dispose();
    }

    private static void WriteEmpty(string path, Guid identity)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(path, options);
        Span<byte> header = stackalloc byte[HeaderHashPlace];
        Magic.CopyTo(header);
        identity.TryWriteBytes(header[IdentityPlace..]);
        Extend(stream);
        stream.Position = 0;
        stream.Write([.. header, .. SHA256.HashData(header)]);
        Span<byte> copies = stackalloc byte[CheckedValue.Length];
        CheckedValue.Write(copies, CounterPlace, 0);
        stream.Position = CounterPlace;
        stream.Write(copies);
        stream.Flush(flushToDisk: true);
    }

    private static MarkFile Read(string path, FileStream stream)
    {
        Span<byte> header = stackalloc byte[HeaderHashPlace + SHA256.HashSizeInBytes];
        if (stream.Length == 0 || stream.Length % GrowthLength != 0
            || stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length
            || !header.StartsWith(Magic))
        {
            throw new StoreRefusedException(
                $"The file '{path}' is not a whole mark of this program; name another file with --mark.");
        }

        var identity = header[..HeaderHashPlace];
        if (!SHA256.HashData(identity).AsSpan().SequenceEqual(header[HeaderHashPlace..]))
            throw Damaged(path, -1);
        var file = new MarkFile(path, stream) { Identity = new Guid(identity[IdentityPlace..]) };
        try
        {
            file.ReadSlots();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static StoreRefusedException Damaged(string path, int slot) =>
        new($"The mark '{path}' is damaged {(slot < 0 ? "at its start" : $"in slot {slot}")}.");

    private static long PlaceOf(int slot) => HeaderLength + (long)slot * SlotLength;

    private static void Extend(FileStream stream)
    {
        // Zeros, and not only a length: a full disk must not be found by a write into the map, which ends the process.
        stream.Position = stream.Length;
        stream.Write(new byte[GrowthLength]);
        stream.Flush(flushToDisk: true);
    }

    private void ReadSlots()
    {
        counter = ReadValue(CounterPlace) ?? throw Damaged(Path, -1);
        var bytes = new byte[SlotLength];
        for (var slot = 0; PlaceOf(slot + 1) <= view.Capacity; slot++)
        {
            view.ReadArray(PlaceOf(slot), bytes, 0, bytes.Length);
            if (!bytes.AsSpan().ContainsAnyExcept((byte)0))
                return;
            var values = Read(slot);
            if (MarkKey.Read(bytes) is { } key)
                slots.Add(key, slot);
            else if (values == (0, 0) && IsLast(slot))
                return; // Its addition was interrupted.
            else
                throw Damaged(Path, slot);
        }
    }

    private bool IsLast(int slot) =>
        PlaceOf(slot + 2) > view.Capacity || ReadValue(PlaceOf(slot + 1) + ExactPlace) is null;

    private void WriteValue(long place, long value) => CheckedValue.Write(CopiesAt(place), place, value);

    private long? ReadValue(long place) => CheckedValue.Read(CopiesAt(place), place);

    /// <summary>Returns the bytes of a value in the map, without the checks and the reference counts of its accessor.</summary>
    private unsafe Span<byte> CopiesAt(long place) => new(start + place, CheckedValue.Length);

    private void Grow()
    {
        // First: if it fails, the map stays.
        Extend(stream);
        Unmap();
        (map, view) = Map();
    }

    private unsafe void Unmap()
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        start = null;
        view.Dispose();
        map.Dispose();
    }

    private unsafe (MemoryMappedFile Map, MemoryMappedViewAccessor View) Map()
    {
        var mapped = MemoryMappedFile.CreateFromFile(
            stream, mapName: null, stream.Length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        var whole = mapped.CreateViewAccessor(0, stream.Length);
        whole.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        return (mapped, whole);
    }

    /// <summary>Reads the counter, which the map has just changed, by the path.</summary>
    private bool IsInPlace()
    {
        try
        {
            using var handle = File.OpenHandle(Path, share: FileShare.ReadWrite | FileShare.Delete);
            Span<byte> found = stackalloc byte[sizeof(long)];
            return RandomAccess.Read(handle, found, CounterPlace) == found.Length && BitConverter.ToInt64(found) == counter;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }
}
