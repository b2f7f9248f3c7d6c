using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace UniqueRandom.Permutations;

/// <summary>
/// The computed order of a pool, version 1: a keyed permutation of the offsets 0 to size - 1. Nothing is stored, and both
/// directions take microseconds. It can't be told from a random order without the seed, but it isn't a uniform shuffle: there are
/// far fewer seeds than orders. Thread-safe.
/// </summary>
/// <remarks>
/// <para>FF1 (NIST SP 800-38G, algorithms 7 and 8) with AES-256 under the seed, radix 2 and an empty tweak, over the least number
/// of bits that holds the largest offset; the first bit is the most significant one.</para>
/// <para>A result that is not below the size is encrypted again until one is: cycle walking (Black and Rogaway, "Ciphers with
/// Arbitrary Finite Domains", CT-RSA 2002). That takes less than two encryptions on average.</para>
/// <para>DESIGN.md publishes test vectors.</para>
/// </remarks>
public sealed class ComputedPermutation : IDisposable
{
    /// <summary>The version of the algorithm; part of every commitment.</summary>
    public const int Version = 1;

    /// <summary>The smallest number of offsets: 1,000,000. The standard permits no smaller domains.</summary>
    public const long MinimumSize = 1_000_000;

    /// <summary>The largest number of offsets: 2^63 - 1.</summary>
    public const long MaximumSize = long.MaxValue;

    private const int BlockSize = 16;

    /// <summary>How many values share a call of AES; its buffers fit into the first-level cache.</summary>
    private const int BatchSize = 512;

    private readonly Lock gate = new();
    private readonly Aes aes = Aes.Create();
    private readonly ICryptoTransform cipher;
    private readonly FeistelRound[] rounds;
    private readonly int rightBits;

    private readonly byte[] blocks = new byte[BatchSize * BlockSize];
    private readonly byte[] encrypted = new byte[BatchSize * BlockSize];
    private readonly ulong[] left = new ulong[BatchSize];
    private readonly ulong[] right = new ulong[BatchSize];
    private readonly int[] walking = new int[BatchSize];

    /// <summary>Creates the order of a seed.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="size">The number of offsets, <see cref="MinimumSize"/> to <see cref="MaximumSize"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is out of range.</exception>
    public ComputedPermutation(Seed seed, long size)
    {
        ArgumentNullException.ThrowIfNull(seed);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, MinimumSize);
        Size = size;
        var bits = BitOperations.Log2((ulong)size - 1) + 1;
        rightBits = bits - bits / 2;
        aes.SetKey(seed.Bytes);
        aes.Mode = CipherMode.ECB;
        aes.Padding = PaddingMode.None;
        cipher = aes.CreateEncryptor();
        rounds = FeistelRound.Create(bits, aes);
    }

    /// <summary>The number of offsets.</summary>
    public long Size { get; }

    /// <summary>Gets the offsets at consecutive positions.</summary>
    /// <param name="position">The first position, 0 to size - 1.</param>
    /// <param name="offsets">Receives the offsets; ends at the end of the order at the latest.</param>
    /// <exception cref="ArgumentOutOfRangeException">A position is out of range.</exception>
    public void CopyOffsets(long position, Span<long> offsets)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, Size - offsets.Length);
        for (var i = 0; i < offsets.Length; i++)
            offsets[i] = position + i;
        for (; offsets.Length > 0; offsets = offsets[Math.Min(offsets.Length, BatchSize)..])
            Walk(offsets[..Math.Min(offsets.Length, BatchSize)], Encrypt);
    }

    /// <summary>Gets the position of an offset.</summary>
    /// <param name="offset">0 to size - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="offset"/> is out of range.</exception>
    public long PositionOf(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, Size);
        Walk(new Span<long>(ref offset), Decrypt);
        return offset;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        cipher.Dispose();
        aes.Dispose();
    }

    /// <summary>Maps values of a batch until all of them are below the size.</summary>
    private void Walk(Span<long> values, Action<int> map)
    {
        lock (gate)
        {
            var count = values.Length;
            for (var i = 0; i < count; i++)
                walking[i] = i;
            while (count > 0)
            {
                var mask = (1UL << rightBits) - 1;
                for (var i = 0; i < count; i++)
                {
                    var value = (ulong)values[walking[i]];
                    (left[i], right[i]) = (value >> rightBits, value & mask);
                }

                map(count);
                count = Store(values, count);
            }
        }
    }

    /// <summary>Stores the results of a batch.</summary>
    /// <returns>How many of them are not below the size.</returns>
    private int Store(Span<long> values, int count)
    {
        var outside = 0;
        for (var i = 0; i < count; i++)
        {
            var place = walking[i];
            values[place] = (long)(left[i] << rightBits | right[i]);
            if (values[place] >= Size)
                walking[outside++] = place;
        }

        return outside;
    }

    private void Encrypt(int count)
    {
        foreach (var round in rounds)
        {
            Scramble(round, right, count);
            for (var i = 0; i < count; i++)
                (left[i], right[i]) = (right[i], (left[i] + Word(i)) & round.Mask);
        }
    }

    private void Decrypt(int count)
    {
        for (var number = rounds.Length - 1; number >= 0; number--)
        {
            var round = rounds[number];
            Scramble(round, left, count);
            for (var i = 0; i < count; i++)
                (left[i], right[i]) = ((right[i] - Word(i)) & round.Mask, left[i]);
        }
    }

    /// <summary>Computes the pseudorandom words of a round for a batch, in one call of AES.</summary>
    private void Scramble(in FeistelRound round, ulong[] halves, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var block = blocks.AsSpan(i * BlockSize, BlockSize);
            BinaryPrimitives.WriteUInt64BigEndian(block, round.Upper);
            BinaryPrimitives.WriteUInt64BigEndian(block[sizeof(ulong)..], round.Lower ^ halves[i]);
        }

        cipher.TransformBlock(blocks, 0, count * BlockSize, encrypted, 0);
    }

    private ulong Word(int index) => BinaryPrimitives.ReadUInt64BigEndian(encrypted.AsSpan(index * BlockSize));
}
