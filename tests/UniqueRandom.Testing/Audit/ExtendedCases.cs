using UniqueRandom.Pools;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Testing.Audit;

/// <summary>Pools that were extended.</summary>
internal static class ExtendedCases
{
    private static readonly PoolFiles First = PoolFiles.Ten;
    private static readonly PoolFiles Second = new(new PoolRange(11, 15), Seeds.Counting);
    private static readonly PoolFiles Third = new(new PoolRange(16, 1_000_015), Seeds.Zero, PoolOrder.Computed);
    private static readonly string All = $"{First.Commitment}, {Second.Commitment}, {Third.Commitment}";
    private static readonly long[] Numbers = [.. First.Numbers, .. Second.Numbers, .. Third.Numbers];

    public static Dictionary<string, AuditCase> Create() => new()
    {
        ["extended pool"] = Holds(All, "20 numbers at positions 0 to 19", Json(0, 8, 4, 8), Status(20)),
        ["extended pool as CSV"] = Holds(
            All, "20 numbers at positions 0 to 19", PoolFiles.Text(SampleLog.Csv(Numbers, 0, 20)), Status(20)),
        ["extended pool that was not drawn from"] = Holds(All, "no numbers (the log is empty)", "", Status(0)),
        ["start in a further segment"] = Holds(All, "5 numbers at positions 12 to 16", Json(12, 5), Status(null)),
        ["extended pool that is open"] = Holds(
            $"{First.Commitment}, {Second.Commitment}",
            "17 numbers at positions 0 to 16",
            Json(0, 9, 8),
            Status(16, seeds: 2),
            " The numbers from position 15 on were not compared: their seed is not revealed yet."),
        ["extended pool in its second segment"] = Holds(
            First.Commitment,
            "12 numbers at positions 0 to 11",
            PoolFiles.Text(SampleLog.Json([.. First.Numbers, 15, 11], 0, 12)),
            Status(11, seeds: 1),
            " The numbers from position 10 on were not compared: their seed is not revealed yet."),
        ["number of another range in an open segment"] = new AuditCase(
            Status(11, seeds: 1),
            PoolFiles.Text(SampleLog.Json([.. First.Numbers, 15, 16], 0, 12)),
            "Deviates at line 1, position 11: the log has 16, and the range of the segment is 11..15."),
        ["log that begins in an open segment"] = Holds(
            First.Commitment,
            "1 number at position 12",
            Json(12, 1),
            Status(13, seeds: 1),
            " The numbers from position 12 on were not compared: their seed is not revealed yet."),
        ["segment that is not ready"] = NotExtended(
            $"[{Segment(First)},{Segment(Second).Replace("true", "false", StringComparison.Ordinal)}]"),
        ["one segment"] = NotExtended($"[{Segment(First)}]"),
        ["published commitments of the segments"] =
            Holds(All, "20 numbers at positions 0 to 19", Json(0, 20), Status(20)) with { Commitment = All },
        ["published commitment of the first segment"] =
            Holds(
                All,
                "20 numbers at positions 0 to 19",
                Json(0, 20),
                Status(20),
                " Only the first commitment was compared with a published one; the others come from the status.")
            with
            { Commitment = First.Commitment },
        ["published commitments of two segments"] =
            Holds(
                All,
                "20 numbers at positions 0 to 19",
                Json(0, 20),
                Status(20),
                " Only the first 2 commitments were compared with published ones; the others come from the status.")
            with
            { Commitment = $"{First.Commitment} {Second.Commitment}" },
        ["published commitment of the segment that has ended"] =
            Holds(
                First.Commitment,
                "12 numbers at positions 0 to 11",
                Json(0, 12),
                Status(11, seeds: 1),
                " The numbers from position 10 on were not compared: their seed is not revealed yet.")
            with
            { Commitment = First.Commitment },
        ["more published commitments than segments"] = new AuditCase(
            Status(20), Json(0, 20), "4 published commitments are given, and the pool has 3; give at most one for each segment.",
            $"{All} {All[..64]}"),
        ["other published commitment of a segment"] = new AuditCase(
            Status(20),
            Json(0, 20),
            $"Deviates: seed, range 11..15 and a stored order give the commitment {Second.Commitment}, and "
                + $"{First.Commitment} was published.",
            $"{First.Commitment} {First.Commitment}"),
        ["swapped numbers of a further segment"] = Deviates(
            $" at line 2, position 11: the log has {Numbers[12]}, and the permutation {Numbers[11]}.",
            PoolFiles.Text(SampleLog.Json([.. Numbers[..11], Numbers[12], Numbers[11]], 0, 11, 2))),
        ["swapped numbers of a computed segment"] = Deviates(
            $" at line 1, position 15: the log has {Numbers[16]}, and the permutation {Numbers[15]}.",
            PoolFiles.Text(SampleLog.Json([.. Numbers[..15], Numbers[16], Numbers[15]], 0, 17))),
        ["behind the end of the last segment"] = Deviates(
            " at line 1, position 1,000,015: the log has 7, and the permutation ends at position 1,000,014.",
            SampleLog.JsonLine(1_000_015, 1, 7)),
        ["less than an ended segment"] = new AuditCase(
            Status(11, seeds: 1),
            Json(0, 9),
            "Deviates: the log has 9 numbers at positions 0 to 8, and the pool has drawn 11: the log lacks what was drawn from "
                + "position 9 on."),
        ["less than was drawn of an extended pool"] = new AuditCase(
            Status(20),
            Json(0, 19),
            "Deviates: the log has 19 numbers at positions 0 to 18, and the pool has drawn 20: the log lacks what was drawn "
                + "from position 19 on."),
        ["segments with a gap"] = Apart(Status(20).Replace("\"minimum\":11", "\"minimum\":12", StringComparison.Ordinal)),
        ["segments that begin elsewhere"] = Apart(Status(20).Replace(
            "{\"first\":0,\"minimum\":1,", "{\"first\":0,\"minimum\":2,", StringComparison.Ordinal)),
        ["segments that end elsewhere"] = Apart(Status(20).Replace(
            "\"minimum\":1,\"maximum\":1000015", "\"minimum\":1,\"maximum\":1000014", StringComparison.Ordinal)),
        ["segment of a short seed"] = new AuditCase(
            Status(20).Replace(Second.Seed.Reveal(), "00ff", StringComparison.Ordinal), "",
            "seed of segment 2 in 'status.json' must have 64 hexadecimal digits; it is '00ff'."),
        ["segment of a short commitment"] = new AuditCase(
            Status(20).Replace(Second.Commitment, "00ff", StringComparison.Ordinal), "",
            "commitment of segment 2 in 'status.json' must have 64 hexadecimal digits; it is '00ff'."),
        ["segment of another kind"] = new AuditCase(
            Status(20).Replace("computed", "other", StringComparison.Ordinal), "",
            "order of segment 3 in 'status.json' must be stored or computed; it is 'other'."),
        ["segment that is too short for its kind"] = new AuditCase(
            Status(20).Replace("\"minimum\":16", "\"minimum\":17", StringComparison.Ordinal)
                .Replace("\"maximum\":15", "\"maximum\":16", StringComparison.Ordinal), "",
            "minimum and maximum of segment 3 in 'status.json' are not a valid range: the range 17..1000015 holds 999999 "
                + "numbers; a pool with a computed order has at least 1000000. Use a stored order."),
        ["segments null"] = NotExtended("null"),
        ["segments that are none"] = Foreign("[1]"),
        ["segments that are an object"] = Foreign("{}"),
        ["segment null"] = Foreign("[null]"),
        ["segment without a commitment"] = Foreign("""[{"minimum":1,"maximum":10,"seed":null}]"""),
        ["segment that repeats a property"] = Foreign("""[{"minimum":1,"minimum":1,"maximum":10,"commitment":"","seed":null}]"""),
        ["segment that is ready, perhaps"] = Foreign("""[{"minimum":1,"maximum":10,"commitment":"","seed":null,"ready":1}]"""),
        ["segments that go on"] = Foreign("""[{"minimum":1,"maximum":10,"commitment":"","seed":null},]"""),
    };

    private static AuditCase NotExtended(string segments) => new(
        With(First.Status(10), segments),
        First.Json(0, 10),
        $"Holds: commitment {First.Commitment}, 10 numbers at positions 0 to 9 of 1..10.");

    private static string With(string status, string segments) => status.Replace(
        "\"exhaustionExpectedAt\"", $"\"segments\":{segments},\"exhaustionExpectedAt\"", StringComparison.Ordinal);

    private static AuditCase Foreign(string segments) => new(
        With(First.Status(10), segments),
        "",
        "'status.json' is not the status of a pool; store the response of GET /pools/{pool} in it.");

    private static AuditCase Apart(string status) => new(
        status, "", "The segments in 'status.json' are not the range of the pool one after another; store its status again.");

    private static string Status(long? drawn, int seeds = 3) => With(
        First.Status(drawn).Replace(
            "\"maximum\":10,\"size\":10", "\"maximum\":1000015,\"size\":1000015", StringComparison.Ordinal),
        $"[{Segment(First)},{Segment(Second, seeds > 1)},{Segment(Third, seeds > 2)}]");

    private static string Segment(PoolFiles files, bool isRevealed = true) =>
        $$"""{"first":{{files.Range.Minimum - 1}},"minimum":{{files.Range.Minimum}},"maximum":{{files.Range.Maximum}},"""
        + $"\"size\":{files.Range.Size},\"order\":\"{(files.Order == PoolOrder.Computed ? "computed" : "stored")}\","
        + $"\"ready\":true,\"commitment\":\"{files.Commitment}\","
        + $"\"seed\":{(isRevealed ? $"\"{files.Seed.Reveal()}\"" : "null")}}}";

    private static string Json(int first, params int[] counts) => PoolFiles.Text(SampleLog.Json(Numbers, first, counts));

    private static AuditCase Holds(string commitments, string covered, string log, string status, string rest = "") => new(
        status,
        log,
        $"Holds: commitment{(commitments.Contains(',') ? "s" : "")} {commitments}, {covered} of 1..1000015.{rest}");

    private static AuditCase Deviates(string what, string log) => new(Status(null), log, $"Deviates{what}");
}
