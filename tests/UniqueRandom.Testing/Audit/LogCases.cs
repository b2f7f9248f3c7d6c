namespace UniqueRandom.Testing.Audit;

/// <summary>Logs that are truncated or foreign.</summary>
internal static class LogCases
{
    private const string Header = "position,number,drawnAt\n";

    /// <summary>Second lines behind a good one.</summary>
    private static readonly string[] Lines =
    [
        """{"first":1,"count":2,"numbers":[8,""",
        """{"first":1,"count":1,"numbers":[8.5]}""",
        """{"first":1,"count":1,"numbers":[8.0]}""",
        """{"first":1,"count":1,"numbers":[8e0]}""",
        """{"first":1,"count":1,"numbers":["8"]}""",
        """{"first":1,"count":1,"numbers":[08]}""",
        """{"first":1,"count":1,"numbers":[+8]}""",
        """{"first":1,"count":1,"numbers":[8,]}""",
        """{"first":1,"count":1,"numbers":[9223372036854775808]}""",
        """{"first":1,"count":1,"numbers":[-9223372036854775809]}""",
        """{"first":1,"count":1,"numbers":[null]}""",
        """{"first":1,"count":1,"numbers":null}""",
        """{"first":null,"count":1,"numbers":[8]}""",
        """{"first":1,"count":1}""",
        """{"first":1,"numbers":[8]}""",
        """{"count":1,"numbers":[8]}""",
        """{"First":1,"count":1,"numbers":[8]}""",
        """{"first":1,"count":1,"numbers":[9],"numbers":[8]}""",
        """{"first":1,"f\u0069rst":1,"count":1,"numbers":[8]}""",
        """{"first":1,"count":1,"numbers":[8],"reference":"a\qb"}""",
        """{"first":1,"count":1,"numbers":[8],"reference":"\u00g0"}""",
        """{"first":1,"count":1,"numbers":[8],"reference":01}""",
        """{"first":1,"count":1,"numbers":[8],"reference":1.}""",
        """{"first":1,"count":1,"numbers":[8],"reference":nul}""",
        """{"first":1,"count":1,"numbers":[8],"\ud800":1}""",
        """{"first":1,"count":1,"numbers":[8]}}""",
        """{"first":1,"count":1,"numbers":[8]} {}""",
        $$"""{"first":1,"count":1,"numbers":[8],"x":{{OrderCases.Nested(64)}}}""",
        """{"type":"urn:uniquerandom:problem:pool-not-found","status":404}""",
        "{\"first\":1,\"count\":1,\"numbers\":[8],\"reference\":\"a\tb\"}",
        "null",
        "[1]",
        "1,8,,,,",
    ];

    /// <summary>First rows behind a header with three columns.</summary>
    private static readonly string[] Rows =
    [
        "0,3",
        "0",
        "0,",
        "0,,2026-11-22T18:00:00.123Z",
        "x,3,2026-11-22T18:00:00.123Z",
        "0,3.0,2026-11-22T18:00:00.123Z",
        "0, 3,2026-11-22T18:00:00.123Z",
        "0,+-3,2026-11-22T18:00:00.123Z",
        "0,9223372036854775808,2026-11-22T18:00:00.123Z",
        """{"first":0,"count":1,"numbers":[3]}""",
    ];

    private static readonly string[] Starts = ["number,position", "position,numbers", "0,3", "<html>", "\u00E9", " {}"];

    public static IEnumerable<KeyValuePair<string, AuditCase>> Create() =>
    [
        .. Lines.Select(line => Refused(
            line, SampleLog.JsonLine(0, 1, 3) + "\n" + line, 2,
            "expected a JSON object with the integers first and count and the array numbers")),
        .. Rows.Select(row => RefusedRow(row, Header + row)),
        RefusedRow("more columns than in the first line", "position,number\n0,3,\n"),
        .. Starts.Select(start => Refused(
            $"starts with {start}", start, 1, "expected a JSON object or the columns position,number")),
    ];

    private static KeyValuePair<string, AuditCase> RefusedRow(string name, string log) =>
        Refused(name, log, 2, "expected the integers position,number and as many columns as in the first line");

    private static KeyValuePair<string, AuditCase> Refused(string name, string log, int line, string expected) => new(
        $"log: {name}",
        new AuditCase(
            PoolFiles.Ten.Status(10), log,
            $"The log can't be checked: line {line} is truncated or not from an exported log ({expected}); "
                + "export the log again."));
}
