using System.Buffers.Text;
using System.Globalization;
using UniqueRandom.Permutations;

namespace UniqueRandom.Pools;

/// <summary>Reads the lines of a list of numbers to import.</summary>
public static class ImportedLine
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>
    /// Adds the number of a line: an integer in decimal, as JSON writes it, with space around it. A blank line has none.
    /// </summary>
    /// <param name="line">The line in ASCII, without its line feed.</param>
    /// <param name="range">The range of the pool.</param>
    /// <param name="numbers">Receives the offset of the number.</param>
    /// <returns>What is wrong with the line, as the rest of a sentence; null if nothing is.</returns>
    public static string? Add(ReadOnlySpan<byte> line, PoolRange range, OffsetSet numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        line = line.Trim(" \t\r"u8);
        if (line.IsEmpty)
            return null;
        if (FindMistake(line) is { } mistake)
            return mistake;
        if (!Utf8Parser.TryParse(line, out long number, out _) || !range.Contains(number))
            return string.Create(Invariant, $"is not a number from {range.Minimum} to {range.Maximum}.");
        return numbers.Add(range.OffsetOf(number)) ? null : string.Create(Invariant, $"repeats the number {number}.");
    }

    /// <summary>Finds out why a line is not an integer of any size.</summary>
    private static string? FindMistake(ReadOnlySpan<byte> line)
    {
        var digits = line[0] == '-' ? line[1..] : line;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return "is not an integer, such as 42.";
        return digits.Length > 1 && digits[0] == '0' ? "has a leading zero; write the number without it, such as 42." : null;
    }
}
