using System.Globalization;
using UniqueRandom.Pools;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Testing.Audit;

/// <summary>
/// Pools with imported numbers. The published test vector is the range 1..10 in the order 3 7 10 6 2 8 4 1 9 5, of which the
/// first three numbers are imported.
/// </summary>
internal static class ImportedCases
{
    private static readonly PoolFiles Ten = new(PoolFiles.Ten.Range, Seeds.Zero) { ImportedNumbers = [3, 7, 10] };

    private static readonly PoolFiles Large = new(new PoolRange(-40_000, 959_999), Seeds.Counting)
    {
        ImportedNumbers = [.. Enumerable.Range(0, 30_000).Select(place => -40_000L + 33 * place)],
    };

    private static readonly PoolFiles One = new(PoolFiles.Ten.Range, Seeds.Counting) { ImportedNumbers = [7] };

    private static readonly string Sha256 = Ten.Imported!.Sha256;

    public static Dictionary<string, AuditCase> Create() => new()
    {
        ["imported numbers"] = Holds(Ten, "10 numbers at positions 0 to 9", Ten.Json(0, 3, 7)),
        ["imported numbers across lines"] = Holds(Ten, "10 numbers at positions 0 to 9", Ten.Json(0, 1, 1, 3, 5)),
        ["imported numbers as CSV"] = Holds(Ten, "10 numbers at positions 0 to 9", Ten.Csv(0, 10)),
        ["one imported number"] = Holds(One, "10 numbers at positions 0 to 9", One.Json(0, 10)),
        ["only imported numbers"] = Holds(Ten, "3 numbers at positions 0 to 2", Ten.Json(0, 3), 3),
        ["published order behind imported numbers"] = Holds(
            Ten, "10 numbers at positions 0 to 9", SampleLog.JsonLine(0, 10, 3, 7, 10, 6, 2, 8, 4, 1, 9, 5)),
        ["all numbers imported"] = Holds(
            PoolFiles.Ten with { ImportedNumbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
            "10 numbers at positions 0 to 9",
            SampleLog.JsonLine(0, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)),
        ["many imported numbers"] = Holds(
            Large,
            "31,000 numbers at positions 0 to 30,999",
            Large.Json(0, 10_000, 10_000, 10_000, 1000),
            31_000,
            "-40000..959999"),
        ["largest imported integers"] = Extreme(),
        ["hash in capitals"] = Holds(Ten, "10 numbers at positions 0 to 9", Ten.Json(0, 10)) with
        { Status = Ten.Status(10).Replace(Sha256, Sha256.ToUpperInvariant(), StringComparison.Ordinal) },

        ["another number imported"] = Deviates(
            ", position 2: the log has 9, and the imported numbers have the SHA-256 "
                + $"{SampleLog.ListOf(Ten.Range, 3, 7, 9).Sha256}, not {Sha256}.",
            SampleLog.JsonLine(0, 10, 3, 7, 9, 6, 2, 8, 4, 1, 10, 5)),
        ["imported numbers in another order"] = Deviates(
            ", position 1: the log has 3, and the imported numbers are in ascending order.",
            SampleLog.JsonLine(0, 10, 7, 3, 10, 6, 2, 8, 4, 1, 9, 5)),
        ["repeated imported number"] = Deviates(
            ", position 1: the log has 3, and the imported numbers are in ascending order.",
            SampleLog.JsonLine(0, 10, 3, 3, 10, 6, 2, 8, 4, 1, 9, 5)),
        ["imported number beyond the range"] = Deviates(
            ", position 2: the log has 11, and the range is 1..10.", SampleLog.JsonLine(0, 3, 3, 7, 11)),
        ["swapped behind imported numbers"] = Deviates(
            ", position 3: the log has 2, and the permutation 6.", SampleLog.JsonLine(0, 10, 3, 7, 10, 2, 6, 8, 4, 1, 9, 5)),
        ["gap in imported numbers"] = new AuditCase(
            Ten.Status(10),
            Ten.Json(0, 1) + Ten.Json(2, 8),
            "Deviates at line 2: it starts at position 2, and position 1 is missing: a gap."),
        ["imported numbers that were left out"] = new AuditCase(
            Ten.Status(10).Replace("\"imported\":3", "\"imported\":null", StringComparison.Ordinal)
                .Replace($"\"{Sha256}\"", "null", StringComparison.Ordinal),
            Ten.Json(0, 10),
            $"Deviates: seed, range 1..10 and a stored order give the commitment {PoolFiles.Ten.Commitment}, and "
                + $"{Ten.Commitment} was published."),
        ["other count of imported numbers"] = new AuditCase(
            Ten.Status(10).Replace("\"imported\":3", "\"imported\":4", StringComparison.Ordinal),
            Ten.Json(0, 10),
            "Deviates: seed, range 1..10 and a stored order behind 4 imported numbers give the commitment "
                + $"{CommitmentTo(new ImportedList(4, Sha256))}, and {Ten.Commitment} was published."),
        ["fewer than were imported"] = new AuditCase(
            Ten.Status(10),
            Ten.Json(0, 2),
            "Deviates: the log has 2 numbers at positions 0 to 1, and the pool has drawn 10: the log lacks what was drawn from "
                + "position 2 on."),
        ["start behind imported numbers"] = Refused("begins at position 3", Ten.Json(3, 7)),
        ["end within imported numbers"] = Refused("ends at position 2", Ten.Json(0, 2)),
        ["no imported numbers in an empty log"] = Refused("ends at position 0", ""),
        ["count without a hash"] = Invalid($"\"{Sha256}\"", "null"),
        ["hash without a count"] = Invalid("\"imported\":3", "\"imported\":null"),
        ["no number imported"] = Invalid("\"imported\":3", "\"imported\":0"),
        ["more numbers imported than there are"] = Invalid("\"imported\":3", "\"imported\":11"),
        ["short hash"] = Invalid(Sha256, Sha256[1..]),
        ["hash that isn't hexadecimal"] = Invalid(Sha256, new string('g', 64)),
    };

    private static AuditCase Extreme()
    {
        var range = new PoolRange(long.MaxValue - 9, long.MaxValue);
        var files = new PoolFiles(range, Seeds.Zero) { ImportedNumbers = [long.MaxValue - 9, long.MaxValue - 1, long.MaxValue] };
        return Holds(files, "10 numbers at positions 0 to 9", files.Json(0, 2, 8), 10, $"{range}");
    }

    private static AuditCase Holds(PoolFiles files, string covered, string log, long drawn = 10, string range = "1..10") =>
        new(files.Status(drawn), log, $"Holds: commitment {files.Commitment}, {covered} of {range}. "
            + (files.Imported!.Count == 1
                ? "The first number was imported."
                : string.Create(CultureInfo.InvariantCulture, $"The first {files.Imported.Count:N0} numbers were imported.")));

    private static AuditCase Deviates(string what, string log) => new(Ten.Status(10), log, $"Deviates at line 1{what}");

    private static AuditCase Refused(string what, string log) => new(
        Ten.Status(null),
        log,
        $"The log can't be checked: it {what}, and the first 3 numbers of the pool were imported; export all of it.");

    private static AuditCase Invalid(string part, string other) => new(
        Ten.Status(10).Replace(part, other, StringComparison.Ordinal),
        Ten.Json(0, 10),
        "imported and importedSha256 in 'status.json' must be the count and the hash of numbers in a stored order, at most 10 "
            + "and 64 hexadecimal digits, or both be null.");

    private static Commitment CommitmentTo(ImportedList list) =>
        Commitment.To(Ten.Seed, Ten.Range, PoolOrder.Stored, list);
}
