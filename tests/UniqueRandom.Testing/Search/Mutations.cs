using System.Numerics;
using CsCheck;

namespace UniqueRandom.Testing.Search;

/// <summary>Damages valid input.</summary>
internal static class Mutations
{
    private const int MostChanges = 3;

    private enum Kind
    {
        FlipBit,
        Replace,
        Insert,
        Delete,
        Duplicate,
        Truncate,
        Splice,
    }

    /// <summary>Generates bytes of valid inputs, of which none or a few places are changed.</summary>
    public static Gen<byte[]> Mutated(this Gen<byte[]> valid) => valid.Mutated(Gen.Byte);

    /// <summary>Generates texts of valid inputs, of which none or a few places are changed.</summary>
    public static Gen<string> Mutated(this Gen<string> valid) => valid.Select(text => text.ToCharArray())
        .Mutated(Gen.OneOf(Gen.Char[' ', '~'], Gen.Char['\0', 'ÿ'], Gen.Char))
        .Select(characters => new string(characters));

    private static Gen<T[]> Mutated<T>(this Gen<T[]> valid, Gen<T> values)
        where T : IBinaryInteger<T>
    {
        // A few lengths at which readers may count, and otherwise a few units.
        var lengths = Gen.Frequency((6, Gen.Int[1, 8]), (1, Gen.OneOf(16, 32, 64, 128, 256)));
        var changes = Gen.Select(Gen.Enum<Kind>(), Gen.UInt, lengths, values).Array[0, MostChanges];
        return Gen.Select(valid, valid, changes, (units, other, changed) => changed.Aggregate(
            units, (damaged, change) => Change(damaged, other, change.Item1, change.Item2, change.Item3, change.Item4)));
    }

    private static T[] Change<T>(T[] units, T[] other, Kind kind, uint place, int length, T value)
        where T : IBinaryInteger<T>
    {
        var at = (int)(place % (units.Length + 1));
        var end = Math.Min(at + length, units.Length);
        return kind switch
        {
            Kind.Insert => [.. units[..at], value, .. units[at..]],
            Kind.Truncate => units[..at],
            // From here on as the other input, or its part at another place.
            Kind.Splice => [.. units[..at], .. other[(int)(place / 7 % (other.Length + 1))..]],
            _ when at == units.Length => units,
            Kind.FlipBit => [.. units[..at], units[at] ^ (T.One << (length % 8)), .. units[(at + 1)..]],
            Kind.Replace => [.. units[..at], value, .. units[(at + 1)..]],
            Kind.Delete => [.. units[..at], .. units[end..]],
            Kind.Duplicate => [.. units[..end], .. units[at..]],
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }
}
