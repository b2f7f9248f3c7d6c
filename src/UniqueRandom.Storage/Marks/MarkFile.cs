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
/// copies, and zeros. A slot of zeros ends the slots. The file has a multiple of 16 KiB, and behind it zeros if its growth was
/// interrupted.</para>
/// <para>A write survives the end of the process at once, and the loss of power after <see cref="Sync"/>.</para>
/// </remarks>
internal sealed class MarkFile : IDisposable
{
    private const int SlotLength = 256;
    private const int HeaderLength = 256;
    private const int IdentityPlace = 8;
    private const int HeaderHashPlace = 24;
    private const int CounterPlace = 64;
    private const int ExactPlace = MarkKey.Length;
    private const int CeilingPlace = ExactPlace + CheckedValue.Length;

    private readonly Dictionary<MarkKey, int> slots = [];
    private readonly MappedBlocks blocks;
    private long counter;

    private MarkFile(string path, FileStream stream)
    {
        Path = path;
        blocks = new MappedBlocks(stream);
    }

    private static ReadOnlySpan<byte> Magic => "URmark1\0"u8;

    public string Path { get; }

    /// <summary>Gets the identity of the database that the mark belongs to.</summary>
    public Guid Identity { get; private init; }

    /// <summary>Gets the pools that have a slot.</summary>
    public IReadOnlyCollection<MarkKey> Pools => slots.Keys;

    /// <summary>Creates the file at once with its slots, synced, and its name in the directory.</summary>
    /// <exception cref="IOException">The file exists, or can't be written.</exception>
    public static MarkFile Create(string path, Guid identity, params IEnumerable<(MarkKey Pool, long Cursor)> pools) =>
        Create(path, identity, pools, overwrite: false);

    /// <summary>Replaces the file at once by one with other slots, of the same database. The file must not be open.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public static void Replace(string path, Guid identity, IEnumerable<(MarkKey Pool, long Cursor)> pools) =>
        Create(path, identity, pools, overwrite: true).Dispose();

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

    /// <summary>Makes room for one more slot. No slot may be written meanwhile.</summary>
    /// <exception cref="IOException">The file can't grow.</exception>
    public void MakeRoom()
    {
        if (PlaceOf(slots.Count + 1) > blocks.Capacity)
            blocks.Add();
    }

    /// <summary>Adds a slot, with both values 0. Not synced. No slot may be written meanwhile.</summary>
    /// <exception cref="IOException">The file can't grow.</exception>
    public int Add(MarkKey pool)
    {
        MakeRoom();
        var slot = slots.Count;
        var place = PlaceOf(slot);
        WriteValue(place + ExactPlace, 0);
        WriteValue(place + CeilingPlace, 0);
        pool.ToBytes().CopyTo(blocks.At(place, MarkKey.Length));
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
        Flush();
        if (!IsInPlace())
            throw new IOException("it was moved, replaced or removed while it was open");
    }

    public void Dispose() => blocks.Dispose();

    private static MarkFile Create(
        string path, Guid identity, IEnumerable<(MarkKey Pool, long Cursor)> pools, bool overwrite)
    {
        // Under another name first, so that an interruption leaves no part of a mark.
        var successor = $"{path}.new";
        File.Delete(successor);
        var stream = PrivateFile.Create(successor);
        MarkFile? file = null;
        try
        {
            Span<byte> header = stackalloc byte[HeaderHashPlace];
            Magic.CopyTo(header);
            identity.TryWriteBytes(header[IdentityPlace..]);
            MappedBlocks.Add(stream);
            stream.Position = 0;
            stream.Write([.. header, .. SHA256.HashData(header)]);
            file = new MarkFile(path, stream) { Identity = identity };
            foreach (var (pool, cursor) in pools)
            {
                var slot = file.Add(pool);
                file.WriteExact(slot, cursor);
                file.WriteCeiling(slot, cursor);
            }

            file.Flush();
            File.Move(successor, path, overwrite);
            FileSync.SyncDirectory(System.IO.Path.GetDirectoryName(path)!);
            return file;
        }
        catch
        {
            file?.Dispose();
            stream.Dispose();
            File.Delete(successor);
            throw;
        }
    }

    private static MarkFile Read(string path, FileStream stream)
    {
        Span<byte> header = stackalloc byte[HeaderHashPlace + SHA256.HashSizeInBytes];
        if (MappedBlocks.LengthOfBlocks(stream) == 0 || !EndsInZeros(stream)
            || stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length
            || !header.StartsWith(Magic))
        {
            throw new StoreRefusedException(
                $"The file '{path}' is not a whole mark of this program; remove it, and start once with "
                + "--resume-after-restore POOL=COUNT, with how many numbers of each pool were drawn at most.");
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

    /// <summary>Whether only an interrupted growth has left something behind the blocks.</summary>
    private static bool EndsInZeros(FileStream stream)
    {
        var blocks = MappedBlocks.LengthOfBlocks(stream);
        Span<byte> rest = new byte[stream.Length - blocks];
        stream.Position = blocks;
        stream.ReadExactly(rest);
        stream.Position = 0;
        return !rest.ContainsAnyExcept((byte)0);
    }

    private void ReadSlots()
    {
        counter = ReadValue(CounterPlace) ?? throw Damaged(Path, -1);
        for (var slot = 0; PlaceOf(slot + 1) <= blocks.Capacity; slot++)
        {
            ReadOnlySpan<byte> bytes = blocks.At(PlaceOf(slot), SlotLength);
            if (!bytes.ContainsAnyExcept((byte)0))
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
        PlaceOf(slot + 2) > blocks.Capacity || ReadValue(PlaceOf(slot + 1) + ExactPlace) is null;

    private void WriteValue(long place, long value) => CheckedValue.Write(CopiesAt(place), place, value);

    private long? ReadValue(long place) => CheckedValue.Read(CopiesAt(place), place);

    private Span<byte> CopiesAt(long place) => blocks.At(place, CheckedValue.Length);

    private void Flush()
    {
        WriteValue(CounterPlace, ++counter);
        blocks.Flush();
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
