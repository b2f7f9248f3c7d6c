using System.Security.Cryptography;

namespace UniqueRandom.Permutations;

/// <summary>The 32 bytes that fix a permutation. Secret until its pool has ended: whoever has it knows every number to come.</summary>
public sealed class Seed : IEquatable<Seed>
{
    /// <summary>The length of a seed in bytes.</summary>
    public const int Length = 32;

    private readonly byte[] bytes;

    /// <summary>Takes a copy of 32 bytes.</summary>
    /// <exception cref="ArgumentException">There are not exactly <see cref="Length"/> bytes.</exception>
    public Seed(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException($"A seed is {Length} bytes, not {bytes.Length}.", nameof(bytes));
        this.bytes = bytes.ToArray();
    }

    /// <summary>The 32 bytes.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>A new seed from the operating system's cryptographic random number generator.</summary>
    public static Seed Generate() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>64 lower-case hexadecimal digits, for the day on which the seed is revealed.</summary>
    public string Reveal() => Convert.ToHexStringLower(bytes);

    /// <inheritdoc/>
    public bool Equals(Seed? other) => other is not null && CryptographicOperations.FixedTimeEquals(bytes, other.bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Seed);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(bytes);

    /// <summary>Never the seed itself, so that no log can reveal it.</summary>
    public override string ToString() => "(secret)";
}
