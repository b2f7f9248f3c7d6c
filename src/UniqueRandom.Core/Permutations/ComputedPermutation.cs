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

    /// <summary>The smallest number of offsets: 1,000,000, as the draft of the standard's revision wants.</summary>
    public const long MinimumSize = 1_000_000;

    /// <summary>The largest number of offsets: 2^63 - 1.</summary>
    public const long MaximumSize = long.MaxValue;

    [ThreadStatic]
    private static FeistelBatch? buffers;

    private readonly Lock gate = new();
    private readonly ICryptoTransform cipher;
    private readonly FeistelRound[] rounds;
    private readonly int rightBits;

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
        using var aes = Aes.Create();
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
        for (; offsets.Length > FeistelBatch.Length; offsets = offsets[FeistelBatch.Length..])
            Walk(offsets[..FeistelBatch.Length], encrypts: true);
        Walk(offsets, encrypts: true);
    }

    /// <summary>Gets the position of an offset.</summary>
    /// <param name="offset">0 to size - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="offset"/> is out of range.</exception>
    public long PositionOf(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, Size);
        Walk(new Span<long>(ref offset), encrypts: false);
        return offset;
    }

    /// <summary>Frees the keys of the cipher.</summary>
    public void Dispose() => cipher.Dispose();

    /// <summary>Encrypts or decrypts values until all of them are below the size.</summary>
    private void Walk(Span<long> values, bool encrypts)
    {
        var batch = buffers ??= new FeistelBatch();
        batch.Begin(values.Length);
        while (batch.Load(values, rightBits))
        {
            // The cipher is not thread-safe.
            lock (gate)
            {
                if (encrypts)
                    batch.Encrypt(rounds, cipher);
                else
                    batch.Decrypt(rounds, cipher);
            }

            batch.Store(values, rightBits, Size);
        }
    }
}
