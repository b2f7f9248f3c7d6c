using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace UniqueRandom.Permutations;

/// <summary>
/// The shuffled order of a pool, version 1: each position holds an offset from 0 to size - 1, each offset once. It can be
/// computed again from its seed. Takes 4 bytes of unmanaged memory a number, freed when disposed. Reading is thread-safe.
/// </summary>
/// <remarks>
/// <para>The shuffle is Fisher–Yates as given by Durstenfeld (Algorithm 235, CACM 7, 1964; Knuth, TAOCP vol. 2, 3.4.2, Algorithm
/// P): from <c>a[i] = i</c>, for i = size - 1 down to 1, swap a[i] with a[j], j uniform in [0, i].</para>
/// <para>Some offsets can come first, in ascending order. Then the others are shuffled behind them in the same way, from their
/// ascending order.</para>
/// <para>j is drawn without bias by Lemire's multiply-shift method ("Fast Random Integer Generation in an Interval", ACM TOMACS
/// 29, 2019): m = word × (i + 1); j is the upper half of m; another word is taken while the lower half is below 2^32 mod (i +
/// 1).</para>
/// <para>The words are the AES-256-CTR keystream of the seed. DESIGN.md publishes test vectors.</para>
/// </remarks>
public sealed unsafe class Permutation : IDisposable
{
    /// <summary>The version of the algorithm; part of every commitment.</summary>
    public const int Version = 1;

    /// <summary>The largest number of offsets: 2^31 - 1.</summary>
    public const int MaximumSize = int.MaxValue;

    // Each swap is a random access, and so a cache miss. Choosing a run of partners ahead of their swaps gives the processor time
    // to fetch them: shuffling 100,000,000 numbers takes less than half the time.
    private const int Lookahead = 128;

    /// <summary>How many offsets are written between two calls of <c>between</c>.</summary>
    internal const int FilledAtOnce = 16 * 1024;

    private static long bytesInUse;

    private uint* offsets;

    private Permutation(int size)
    {
        Size = size;
        offsets = (uint*)NativeMemory.Alloc((nuint)size, sizeof(uint));
        Interlocked.Add(ref bytesInUse, BytesOf(size));
    }

    /// <summary>Frees the memory if it was not disposed.</summary>
    ~Permutation() => Free();

    /// <summary>The number of offsets.</summary>
    public int Size { get; }

    /// <summary>The offsets by position.</summary>
    /// <exception cref="ObjectDisposedException">The permutation was disposed.</exception>
    public ReadOnlySpan<uint> Offsets
    {
        get
        {
            ObjectDisposedException.ThrowIf(offsets is null, this);
            return new ReadOnlySpan<uint>(offsets, Size);
        }
    }

    /// <summary>Gets the offsets of a chunk.</summary>
    /// <exception cref="ObjectDisposedException">The permutation was disposed.</exception>
    public ReadOnlySpan<uint> OffsetsOf(int chunk) => Offsets.Slice(chunk * Chunk.Length, Chunk.LengthOf(chunk, Size));

    /// <summary>
    /// Checks whether a permutation could be computed in the memory that is free once this process has disposed its current
    /// permutations.
    /// </summary>
    /// <param name="size">The number of offsets, 1 to <see cref="MaximumSize"/>.</param>
    /// <exception cref="InsufficientMemoryException">It could not.</exception>
    public static void RequireMemory(long size) => RequireMemory(size, reclaimable: Interlocked.Read(ref bytesInUse));

    /// <summary>Computes the permutation of a seed. About 10 ns a number.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="size">The number of offsets, 1 to <see cref="MaximumSize"/>.</param>
    /// <param name="cancellationToken">Cancels the computation.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is out of range.</exception>
    /// <exception cref="InsufficientMemoryException">Less memory is free than the permutation needs.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public static Permutation Shuffle(Seed seed, long size, CancellationToken cancellationToken = default) =>
        Shuffle(seed, size, first: null, between: null, cancellationToken);

    /// <summary>Computes the permutation of a seed. About 10 ns a number.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="size">The number of offsets, 1 to <see cref="MaximumSize"/>.</param>
    /// <param name="first">The offsets that come first, of a permutation of this size. Null for none.</param>
    /// <param name="between">
    /// Called every few microseconds during the work; can sleep to let other threads run. Null for none.
    /// </param>
    /// <param name="cancellationToken">Cancels the computation.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is out of range.</exception>
    /// <exception cref="InsufficientMemoryException">Less memory is free than the permutation needs.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public static Permutation Shuffle(
        Seed seed, long size, OffsetSet? first, Action? between, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(seed);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaximumSize);
        if (first is not null)
            ArgumentOutOfRangeException.ThrowIfNotEqual(first.Size, size, nameof(first));
        RequireMemory(size, reclaimable: 0);

        var permutation = new Permutation((int)size);
        try
        {
            permutation.Fill(first, between);
            using var words = new Keystream(seed);
            var fixedCount = (int)(first?.Count ?? 0);
            Shuffle(permutation.offsets + fixedCount, permutation.Size - fixedCount, words, between, cancellationToken);
            return permutation;
        }
        catch
        {
            permutation.Dispose();
            throw;
        }
    }

    /// <summary>Frees the memory. Idempotent.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static long BytesOf(long size) => size * sizeof(uint);

    private static void RequireMemory(long size, long reclaimable) =>
        FreeMemory.Require(BytesOf(size), $"Shuffling {size:N0} numbers", reclaimable);

    private static void Shuffle(uint* a, int size, Keystream words, Action? between, CancellationToken cancellationToken)
    {
        var partners = stackalloc uint[Lookahead];
        for (var i = size - 1; i > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            between?.Invoke();
            var run = Math.Min(Lookahead, i);
            for (var k = 0; k < run; k++)
            {
                partners[k] = UniformUpTo((uint)(i - k), words);
                if (Sse.IsSupported)
                    Sse.Prefetch0(a + partners[k]);
            }

            for (var k = 0; k < run; k++, i--)
            {
                Debug.Assert(partners[k] <= (uint)i, "The partner of a swap lies at or below it.");
                (a[i], a[partners[k]]) = (a[partners[k]], a[i]);
            }
        }
    }

    /// <summary>A uniform integer in [0, <paramref name="last"/>]; <paramref name="last"/> is below 2^32 - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint UniformUpTo(uint last, Keystream words)
    {
        var count = last + 1;
        var product = (ulong)words.Next() * count;
        // 2^32 mod count is below count, so the division is needed only if the lower half is, too, which is rare.
        if ((uint)product < count)
        {
            var threshold = unchecked(0u - count) % count;
            while ((uint)product < threshold)
                product = (ulong)words.Next() * count;
        }

        return (uint)(product >> 32);
    }

    private void Fill(OffsetSet? first, Action? between)
    {
        if (first is not null)
        {
            first.CopyAll(offsets, between);
            return;
        }

        for (var i = 0; i < Size; i++)
        {
            offsets[i] = (uint)i;
            if (i % FilledAtOnce == 0)
                between?.Invoke();
        }
    }

    private void Free()
    {
        if (offsets is null)
            return;
        NativeMemory.Free(offsets);
        Interlocked.Add(ref bytesInUse, -BytesOf(Size));
        offsets = null;
    }
}
