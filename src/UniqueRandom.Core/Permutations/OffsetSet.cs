using System.Numerics;
using System.Runtime.InteropServices;

namespace UniqueRandom.Permutations;

/// <summary>
/// A set of the offsets of a permutation. Takes one bit of unmanaged memory for each offset that there could be, freed when
/// disposed. Not thread-safe.
/// </summary>
public sealed unsafe class OffsetSet : IDisposable
{
    private const int BitsPerWord = 64;

    private ulong* words;

    /// <summary>Creates an empty set.</summary>
    /// <param name="size">The size of the permutation, 1 to <see cref="Permutation.MaximumSize"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is out of range.</exception>
    /// <exception cref="InsufficientMemoryException">Less memory is free than the set needs.</exception>
    public OffsetSet(long size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Permutation.MaximumSize);
        Size = size;
        var count = (size + BitsPerWord - 1) / BitsPerWord;
        FreeMemory.Require(count * sizeof(ulong), $"Remembering which of {size:N0} numbers are imported");
        words = (ulong*)NativeMemory.AllocZeroed((nuint)count, sizeof(ulong));
    }

    /// <summary>Frees the memory if it was not disposed.</summary>
    ~OffsetSet() => Free();

    /// <summary>Gets the size of the permutation.</summary>
    public long Size { get; }

    /// <summary>Gets how many offsets are in the set.</summary>
    public long Count { get; private set; }

    /// <summary>Adds an offset.</summary>
    /// <param name="offset">0 to <see cref="Size"/> - 1.</param>
    /// <returns>Whether it was added; false if it was in the set already.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="offset"/> is out of range.</exception>
    public bool Add(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, Size);
        ObjectDisposedException.ThrowIf(words is null, this);
        var bit = 1UL << (int)(offset % BitsPerWord);
        ref var word = ref words[offset / BitsPerWord];
        if ((word & bit) != 0)
            return false;
        word |= bit;
        Count++;
        return true;
    }

    /// <summary>Copies the next offsets of the set, ascending.</summary>
    /// <param name="from">The least offset to copy; receives where to go on.</param>
    /// <param name="offsets">Receives the offsets.</param>
    /// <returns>How many were copied: fewer than there is room for only at the end of the set.</returns>
    public int Copy(ref long from, Span<uint> offsets)
    {
        ObjectDisposedException.ThrowIf(words is null, this);
        var count = 0;
        while (from < Size && count < offsets.Length)
        {
            var rest = words[from / BitsPerWord] >> (int)(from % BitsPerWord);
            if (rest == 0)
            {
                from = (from / BitsPerWord + 1) * BitsPerWord;
                continue;
            }

            from += BitOperations.TrailingZeroCount(rest);
            offsets[count++] = (uint)from++;
        }

        return count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes the offsets of the set, ascending, and behind them all others, ascending.</summary>
    /// <param name="all">Receives <see cref="Size"/> offsets.</param>
    /// <param name="between">Called after every few thousand offsets; null for nothing.</param>
    internal void CopyAll(uint* all, Action? between)
    {
        ObjectDisposedException.ThrowIf(words is null, this);
        var (next, other) = (0L, Count);
        for (var offset = 0L; offset < Size; offset++)
        {
            if (offset % Permutation.FilledAtOnce == 0)
                between?.Invoke();
            var isIn = (words[offset / BitsPerWord] >> (int)(offset % BitsPerWord) & 1) != 0;
            all[isIn ? next++ : other++] = (uint)offset;
        }
    }

    private void Free()
    {
        NativeMemory.Free(words);
        words = null;
    }
}
