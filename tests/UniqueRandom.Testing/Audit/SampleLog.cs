using System.Globalization;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Testing.Audit;

/// <summary>Creates logs in the formats that a server exports.</summary>
internal static class SampleLog
{
    public static long[] Numbers(Seed seed, PoolRange range, params ReadOnlySpan<long> imported)
    {
        using var first = SetOf(range, imported);
        using var permutation = Permutation.Shuffle(seed, range.Size, first, between: null, CancellationToken.None);
        return Array.ConvertAll(permutation.Offsets.ToArray(), offset => range.NumberAt(offset));
    }

    public static ImportedList ListOf(PoolRange range, params ReadOnlySpan<long> numbers)
    {
        using var set = SetOf(range, numbers);
        return ImportedList.Of(range, set);
    }

    /// <summary>Creates the set of the offsets of some numbers.</summary>
    public static OffsetSet SetOf(PoolRange range, params ReadOnlySpan<long> numbers)
    {
        var set = new OffsetSet(range.Size);
        foreach (var number in numbers)
            set.Add(range.OffsetOf(number));
        return set;
    }

    /// <summary>Creates lines of the given counts, starting at a position.</summary>
    public static List<string> Json(long[] numbers, int first, params int[] counts)
    {
        var lines = new List<string>();
        foreach (var count in counts)
        {
            lines.Add(JsonLine(first, count, numbers.AsSpan(first, count)));
            first += count;
        }

        return lines;
    }

    public static string JsonLine(long first, int count, params ReadOnlySpan<long> numbers) =>
        $$"""{"first":{{first}},"count":{{count}},"numbers":[{{string.Join(',', numbers.ToArray().Select(Text))}}],"""
        + "\"drawnAt\":\"2026-11-22T18:00:00.123Z\",\"reference\":null,\"caller\":null,\"keyed\":false}";

    public static List<string> Csv(long[] numbers, int first, int count) =>
    [
        "position,number,drawnAt,reference,caller,keyed",
        .. Enumerable.Range(first, count).Select(position =>
            $"""{position},{Text(numbers[position])},2026-11-22T18:00:00.123Z,"order ""4711"", 1,2",,false"""),
    ];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
