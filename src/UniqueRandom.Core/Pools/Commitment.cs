using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using UniqueRandom.Permutations;

namespace UniqueRandom.Pools;

/// <summary>
/// The published hash that fixes the order of a pool before the first draw:
/// SHA-256(seed ‖ UTF-8 of <c>UniqueRandom permutation v1 {minimum}..{maximum}</c>), with <c>computed</c> instead of
/// <c>permutation</c> for a computed order. If numbers were imported, the text is
/// <c>UniqueRandom imported v1 {minimum}..{maximum} {count} {SHA-256 of the list}</c>. Public: it reveals nothing about the
/// order.
/// </summary>
public sealed class Commitment : IEquatable<Commitment>
{
    /// <summary>The length of a commitment in bytes.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    private readonly byte[] bytes;

    /// <summary>Creates a commitment from a copy of its bytes.</summary>
    /// <exception cref="ArgumentException">There are not exactly <see cref="Length"/> bytes.</exception>
    public Commitment(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException($"A commitment is {Length} bytes, not {bytes.Length}.", nameof(bytes));
        this.bytes = bytes.ToArray();
    }

    /// <summary>The 32 bytes.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>Computes the commitment to a seed, a range, a kind of order and imported numbers.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="range">The range.</param>
    /// <param name="order">Whether the order is stored, the default, or computed.</param>
    /// <param name="imported">The numbers that come first in a stored order. Null, the default, for none.</param>
    public static Commitment To(
        Seed seed, PoolRange range, PoolOrder order = PoolOrder.Stored, ImportedList? imported = null)
    {
        ArgumentNullException.ThrowIfNull(seed);
        var (kind, version) = order == PoolOrder.Computed
            ? ("computed", ComputedPermutation.Version)
            : (imported is null ? "permutation" : "imported", Permutation.Version);
        var list = imported is null ? "" : $" {imported.Count} {imported.Sha256}";
        var definition = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"UniqueRandom {kind} v{version} {range.Minimum}..{range.Maximum}{list}"));
        return new Commitment(SHA256.HashData([.. seed.Bytes, .. definition]));
    }

    /// <inheritdoc/>
    public bool Equals(Commitment? other) => other is not null && bytes.AsSpan().SequenceEqual(other.bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Commitment);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(bytes);

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(bytes);
}
