using System.Buffers.Binary;
using System.Security.Cryptography;

namespace UniqueRandom.Permutations;

/// <summary>The buffers for values that go through the rounds together. Not thread-safe.</summary>
internal sealed class FeistelBatch
{
    /// <summary>How many values share a call of AES; the buffers fit into the first-level cache.</summary>
    public const int Length = 512;

    private const int BlockSize = 16;

    private readonly byte[] blocks = new byte[Length * BlockSize];
    private readonly byte[] encrypted = new byte[Length * BlockSize];
    private readonly ulong[] left = new ulong[Length];
    private readonly ulong[] right = new ulong[Length];
    private readonly int[] walking = new int[Length];
    private int count;

    /// <summary>Begins with all values.</summary>
    public void Begin(int length)
    {
        count = length;
        for (var i = 0; i < length; i++)
            walking[i] = i;
    }

    /// <summary>Splits the values that are still walking into halves.</summary>
    /// <returns>Whether there are any.</returns>
    public bool Load(ReadOnlySpan<long> values, int rightBits)
    {
        var mask = (1UL << rightBits) - 1;
        for (var i = 0; i < count; i++)
        {
            var value = (ulong)values[walking[i]];
            (left[i], right[i]) = (value >> rightBits, value & mask);
        }

        return count > 0;
    }

    /// <summary>Joins the halves. Those values go on walking that are not below the size.</summary>
    public void Store(Span<long> values, int rightBits, long size)
    {
        var outside = 0;
        for (var i = 0; i < count; i++)
        {
            var place = walking[i];
            values[place] = (long)(left[i] << rightBits | right[i]);
            if (values[place] >= size)
                walking[outside++] = place;
        }

        count = outside;
    }

    public void Encrypt(FeistelRound[] rounds, ICryptoTransform cipher)
    {
        foreach (var round in rounds)
        {
            Scramble(round, right, cipher);
            for (var i = 0; i < count; i++)
                (left[i], right[i]) = (right[i], (left[i] + Word(i)) & round.Mask);
        }
    }

    public void Decrypt(FeistelRound[] rounds, ICryptoTransform cipher)
    {
        for (var number = rounds.Length - 1; number >= 0; number--)
        {
            var round = rounds[number];
            Scramble(round, left, cipher);
            for (var i = 0; i < count; i++)
                (left[i], right[i]) = ((right[i] - Word(i)) & round.Mask, left[i]);
        }
    }

    /// <summary>Computes the pseudorandom words of a round, in one call of AES.</summary>
    private void Scramble(in FeistelRound round, ulong[] halves, ICryptoTransform cipher)
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
