using System.Globalization;
using UniqueRandom.Pools;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Testing.Audit;

/// <summary>Ranges with negative numbers, beyond 2^53 and at the limits of 64-bit integers, and pools of many numbers.</summary>
internal static class RangeCases
{
    private const long Two53 = 1L << 53;

    public static Dictionary<string, AuditCase> Create() => new()
    {
        ["smallest integers"] = Whole(new PoolRange(long.MinValue, long.MinValue + 9), isCsv: false),
        ["smallest integers as CSV"] = Whole(new PoolRange(long.MinValue, long.MinValue + 9), isCsv: true),
        ["largest integers"] = Whole(new PoolRange(long.MaxValue - 9, long.MaxValue), isCsv: false),
        ["largest integers as CSV"] = Whole(new PoolRange(long.MaxValue - 9, long.MaxValue), isCsv: true),
        ["around 2^53"] = Whole(new PoolRange(Two53 - 5, Two53 + 5), isCsv: false),
        ["around -2^53 as CSV"] = Whole(new PoolRange(-Two53 - 5, 5 - Two53), isCsv: true),
        ["around zero"] = Whole(new PoolRange(-4, 4), isCsv: false),
        ["one number"] = new AuditCase(
            One.Status(1), One.Json(0, 1), $"Holds: commitment {One.Commitment}, 1 number at position 0 of -7..-7."),
        ["off by one beyond 2^53"] = OffByOne(new PoolFiles(new PoolRange(Two53, Two53 + 9), Seeds.Counting)),
        ["many numbers"] = Many(isCsv: false),
        ["many numbers as CSV"] = Many(isCsv: true),
    };

    private static PoolFiles One { get; } = new(new PoolRange(-7, -7), Seeds.Counting);

    private static AuditCase Whole(PoolRange range, bool isCsv)
    {
        var files = new PoolFiles(range, Seeds.Zero);
        var size = (int)range.Size;
        return new AuditCase(
            files.Status(size),
            isCsv ? files.Csv(0, size) : files.Json(0, 4, size - 4),
            $"Holds: commitment {files.Commitment}, {size} numbers at positions 0 to {size - 1} of {range}.");
    }

    /// <summary>Both numbers round to the same floating-point number.</summary>
    private static AuditCase OffByOne(PoolFiles files)
    {
        var position = Array.FindIndex(files.Numbers, number => number % 4 == 0);
        var number = files.Numbers[position];
        return new AuditCase(
            files.Status(null),
            SampleLog.JsonLine(position, 1, number + 1),
            string.Create(
                CultureInfo.InvariantCulture,
                $"Deviates at line 1, position {position}: the log has {number + 1}, and the permutation {number}."));
    }

    private static AuditCase Many(bool isCsv)
    {
        var files = new PoolFiles(new PoolRange(-20_000, 979_999), Seeds.Counting);
        return new AuditCase(
            files.Status(12_345),
            isCsv ? files.Csv(0, 12_345) : files.Json(0, 1, 10_000, 2344),
            $"Holds: commitment {files.Commitment}, 12,345 numbers at positions 0 to 12,344 of -20000..979999.");
    }
}
