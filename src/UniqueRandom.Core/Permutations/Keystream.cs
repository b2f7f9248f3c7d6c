using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace UniqueRandom.Permutations;

/// <summary>
/// The random words of a permutation: the AES-256-CTR keystream (NIST SP 800-38A, section 6.5) under a seed with an all-zero
/// initial counter block, read as little-endian 32-bit words. Not thread-safe.
/// </summary>
/// <remarks>
/// .NET has no CTR mode. A keystream is the encryption of the counter blocks 0, 1, 2, … one by one, which is ECB over them. The
/// counter is 128 bits big-endian and stays below 2^64, so its upper half is zero.
/// </remarks>
internal sealed class Keystream : IDisposable
{
    private const int BlockSize = 16;
    private const int BlocksAtOnce = 1024;
    private const int WordsAtOnce = BlocksAtOnce * BlockSize / sizeof(uint);

    private readonly Aes aes = Aes.Create();
    private readonly byte[] counters = new byte[BlocksAtOnce * BlockSize];
    private readonly uint[] words = new uint[WordsAtOnce];
    private ulong nextBlock;
    private int nextWord = WordsAtOnce;

    public Keystream(Seed seed) => aes.SetKey(seed.Bytes);

    /// <summary>Gets the next word.</summary>
    public uint Next()
    {
        if (nextWord == WordsAtOnce)
            Refill();
        return words[nextWord++];
    }

    public void Dispose() => aes.Dispose();

    private void Refill()
    {
        for (var block = 0; block < BlocksAtOnce; block++)
            BinaryPrimitives.WriteUInt64BigEndian(counters.AsSpan(block * BlockSize + 8), nextBlock++);
        aes.EncryptEcb(counters, MemoryMarshal.AsBytes(words.AsSpan()), PaddingMode.None);
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(words, words);
        nextWord = 0;
    }
}
