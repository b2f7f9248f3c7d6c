using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Testing.Audit;

/// <summary>Logs of the published test vector: the range 1..10 in the order 3 8 2 9 7 6 4 1 10 5.</summary>
internal static class OrderCases
{
    private static readonly PoolFiles Ten = PoolFiles.Ten;
    private static readonly PoolFiles Other = new(Ten.Range, Seeds.Counting);
    private static readonly long[] Swapped = [3, 8, 2, 9, 6, 7, 4, 1, 10, 5];
    private static readonly long[] OffByOne = [3, 8, 2, 9, 7, 6, 4, 1, 10, 6];

    public static Dictionary<string, AuditCase> Create() => new()
    {
        ["whole pool"] = Holds("10 numbers at positions 0 to 9", Ten.Json(0, 3, 1, 6), 10),
        ["whole pool as CSV"] = Holds("10 numbers at positions 0 to 9", Ten.Csv(0, 10), 10),
        ["start and end inside"] = Holds("3 numbers at positions 4 to 6", Ten.Json(4, 2, 1)),
        ["start inside as CSV"] = Holds("6 numbers at positions 4 to 9", Ten.Csv(4, 6), 10),
        ["single number"] = Holds("1 number at position 9", Ten.Json(9, 1)),
        ["empty log"] = Holds("no numbers (the log is empty)", "", 0),
        ["empty CSV"] = Holds("no numbers (the log is empty)", Ten.Csv(0, 0), 0),
        ["only the columns that are read"] = Holds("2 numbers at positions 0 to 1", "position,number\n0,3\n1,8\n"),
        ["signs and zeros in CSV"] = Holds(
            "2 numbers at positions 0 to 1", "position,number\n-0,+3\n001,00000000000000000008\0\n"),
        ["only the properties that are read"] = Holds(
            "2 numbers at positions 0 to 1", """{ "numbers" : [ 3 , 8 ], "count":2, "f\u0069rst" :0 }"""),
        ["other properties of any kind"] = Holds(
            "1 number at position 0",
            """{"a":[1,-0.5e+3,{"b":{},"b":[]}],"first":-0,"count":1,"c":"\u00e9 \" \\ {","c":true,"numbers":[3],"":false}"""),
        ["properties 64 deep"] = Holds(
            "1 number at position 0", $$"""{"first":0,"count":1,"numbers":[3],"x":{{Nested(63)}}}"""),
        ["blank lines and every line break"] = Holds(
            "4 numbers at positions 0 to 3",
            $"\r\n \n{Line(0, 3)}\r{Line(1, 8)}\r\n\t\n\u00A0\u3000\n{Line(2, 2)}\n\n\r{Line(3, 9)}"),
        ["byte order mark"] = Holds("10 numbers at positions 0 to 9", "\uFEFF" + Ten.Json(0, 10)),
        ["line without numbers"] = Holds("1 number at position 0", Line(0, 3) + """{"first":1,"count":0,"numbers":[]}"""),
        ["no numbers at the largest position"] = Holds(
            "no numbers (the log is empty)", """{"first":9223372036854775807,"count":0,"numbers":[]}"""),

        ["swapped numbers"] = Deviates(
            " at line 2, position 4: the log has 6, and the permutation 7.", PoolFiles.Text(SampleLog.Json(Swapped, 0, 3, 7))),
        ["swapped numbers as CSV"] = Deviates(
            " at line 6, position 4: the log has 6, and the permutation 7.", PoolFiles.Text(SampleLog.Csv(Swapped, 0, 10))),
        ["off by one"] = Deviates(
            " at line 1, position 9: the log has 6, and the permutation 5.", PoolFiles.Text(SampleLog.Json(OffByOne, 0, 10))),
        ["gap"] = Deviates(
            " at line 2: it starts at position 5, and position 3 is missing: a gap.", Ten.Json(0, 3) + Ten.Json(5, 2)),
        ["overlap with the right numbers"] = Deviates(
            " at line 2: it starts at position 2, and position 3 is next: an overlap.", Ten.Json(0, 3) + Ten.Json(2, 2)),
        ["repeated row"] = Deviates(
            " at line 3: it starts at position 0, and position 1 is next: an overlap.", "position,number\n0,3\n0,3\n"),
        ["count too small"] = Deviates(
            " at line 1, position 0: its count is 2, and it has 3 numbers.", SampleLog.JsonLine(0, 2, 3, 8, 2)),
        ["count too large"] = Deviates(
            " at line 1, position 0: its count is 9,223,372,036,854,775,807, and it has 1 numbers.",
            """{"first":0,"count":9223372036854775807,"numbers":[3]}"""),
        ["behind the end"] = Deviates(
            " at line 2, position 10: the log has 1, and the permutation ends at position 9.", Ten.Json(0, 10) + Line(10, 1)),
        ["before the start"] = Deviates(
            " at line 1, position -1: the log has 5, and the permutation ends at position 9.", Line(-1, 5)),
        ["smallest position"] = Deviates(
            " at line 1, position -9,223,372,036,854,775,808: the log has -9223372036854775808, and the permutation ends at "
                + "position 9.",
            """{"first":-9223372036854775808,"count":1,"numbers":[-9223372036854775808]}"""),

        ["other seed"] = new AuditCase(
            Other.Status(Ten.Commitment, 10), Other.Json(0, 10),
            $"Deviates: seed, range 1..10 and a stored order give the commitment {Other.Commitment}, and {Ten.Commitment} was "
                + "published."),
        ["other published commitment"] = new AuditCase(
            Ten.Status(10), Ten.Json(0, 10),
            $"Deviates: seed, range 1..10 and a stored order give the commitment {Ten.Commitment}, and {Other.Commitment} was "
                + "published.",
            Other.Commitment),
        ["published commitment in capitals"] =
            Holds("10 numbers at positions 0 to 9", Ten.Json(0, 10), 10) with { Commitment = Ten.Commitment.ToUpperInvariant() },
        ["less than was drawn"] = Deviates(
            ": the log has 4 numbers at positions 0 to 3, and the pool has drawn 6: the log lacks what was drawn from position 4 "
                + "on.",
            Ten.Json(0, 4), 6),
        ["more than was drawn"] = Deviates(
            ": the log has 6 numbers at positions 0 to 5, and the pool has drawn 4: the log has more than was drawn from "
                + "position 4 on.",
            Ten.Json(0, 6), 4),
        ["nothing of what was drawn"] = Deviates(
            ": the log has no numbers (the log is empty), and the pool has drawn 4: the log lacks what was drawn from position "
                + "0 on.",
            "", 4),
    };

    public static string Nested(int levels) => new string('[', levels) + new string(']', levels);

    private static string Line(int first, long number) => SampleLog.JsonLine(first, 1, number) + "\n";

    private static AuditCase Holds(string covered, string log, long? drawn = null) =>
        new(Ten.Status(drawn), log, $"Holds: commitment {Ten.Commitment}, {covered} of 1..10.");

    private static AuditCase Deviates(string what, string log, long? drawn = null) =>
        new(Ten.Status(drawn), log, $"Deviates{what}");
}
