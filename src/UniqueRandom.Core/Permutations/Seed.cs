using System.Security.Cryptography;

namespace UniqueRandom.Permutations;

/// <summary>
/// The 32 bytes that determine a permutation. Secret until the pool is closed or exhausted: it determines every future number.
/// </summary>
public sealed class Seed : IEquatable<Seed>
{
    /// <summary>The length of a seed in bytes.</summary>
    public const int Length = 32;

    private readonly byte[] bytes;

    /// <summary>Creates a seed from a copy of its bytes.</summary>
    /// <exception cref="ArgumentException">There are not exactly <see cref="Length"/> bytes.</exception>
    public Seed(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException($"A seed is {Length} bytes, not {bytes.Length}.", nameof(bytes));
        this.bytes = bytes.ToArray();
    }

    /// <summary>The 32 bytes.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>Creates a seed from the operating system's cryptographic random number generator.</summary>
    public static Seed Generate() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>Gets the seed as 64 lower-case hexadecimal digits.</summary>
    public string Reveal() => Convert.ToHexStringLower(bytes);

    /// <inheritdoc/>
    public bool Equals(Seed? other) => other is not null && CryptographicOperations.FixedTimeEquals(bytes, other.bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Seed);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(bytes);

    /// <summary>Returns a placeholder, so that no log reveals the seed.</summary>
    public override string ToString() => "(secret)";
}
