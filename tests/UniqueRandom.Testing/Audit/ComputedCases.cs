using UniqueRandom.Pools;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Testing.Audit;

/// <summary>Computed orders, up to the largest.</summary>
internal static class ComputedCases
{
    private const long Two53 = 1L << 53;
    private const long Two62 = 1L << 62;

    private static readonly PoolFiles Million = Files(1, 1_000_000);

    public static Dictionary<string, AuditCase> Create() => new()
    {
        ["computed order"] = Holds(Million, Million.Json(0, 1, 499, 500)),
        ["computed order as CSV"] = Holds(Million, Million.Csv(0, 1000)),
        ["computed order of a power of two"] = Holds(Files(0, (1 << 24) - 1)),
        ["computed order of a power of two and one"] = Holds(Files(0, 1 << 24)),
        ["computed order of odd halves"] = Holds(Files(-7, 1L << 33)),
        ["computed order below 2^53"] = Holds(Files(1, Two53 - 1)),
        ["computed order of 2^53"] = Holds(Files(1, Two53)),
        ["computed order beyond 2^53"] = Holds(Files(-3, Two53)),
        ["computed order around zero"] = Holds(Files(-Two62, Two62 - 2)),
        ["computed order of the most numbers"] = Holds(Files(1, long.MaxValue)),
        ["computed order with swapped numbers"] = new AuditCase(
            Million.Status(2),
            SampleLog.JsonLine(0, 2, Million.Numbers[1], Million.Numbers[0]),
            $"Deviates at line 1, position 0: the log has {Million.Numbers[1]}, and the permutation {Million.Numbers[0]}."),
        ["behind the end of a computed order"] = new AuditCase(
            Million.Status(null),
            SampleLog.JsonLine(1_000_000, 1, 1),
            "Deviates at line 1, position 1,000,000: the log has 1, and the permutation ends at position 999,999."),
        ["behind the end of the largest computed order"] = new AuditCase(
            Files(1, long.MaxValue).Status(null),
            """{"first":9223372036854775807,"count":1,"numbers":[1]}""",
            "Deviates at line 1, position 9,223,372,036,854,775,807: the log has 1, and the permutation ends at position "
                + "9,223,372,036,854,775,806."),
        ["stored order that is called computed"] = new AuditCase(
            new PoolFiles(Million.Range, Million.Seed).Status(0).Replace("stored", "computed", StringComparison.Ordinal),
            "",
            $"Deviates: seed, range 1..1000000 and a computed order give the commitment {Million.Commitment}, and "
                + $"{new PoolFiles(Million.Range, Million.Seed).Commitment} was published."),
        ["computed order that is too short"] = new AuditCase(
            PoolFiles.Ten.Status(0).Replace("stored", "computed", StringComparison.Ordinal),
            "",
            "minimum and maximum in 'status.json' are not a valid range: the range 1..10 holds 10 numbers; a pool with a "
                + "computed order has at least 1000000. Use a stored order."),
        ["order of another kind"] = new AuditCase(
            PoolFiles.Ten.Status(0).Replace("stored", "drawn by lot", StringComparison.Ordinal),
            "",
            "order in 'status.json' must be stored or computed; it is 'drawn by lot'."),
    };

    private static PoolFiles Files(long minimum, long maximum) =>
        new(new PoolRange(minimum, maximum), Seeds.Counting, PoolOrder.Computed);

    private static AuditCase Holds(PoolFiles files, string? log = null) => new(
        files.Status(1000),
        log ?? files.Json(0, 1000),
        $"Holds: commitment {files.Commitment}, 1,000 numbers at positions 0 to 999 of {files.Range}.");
}
