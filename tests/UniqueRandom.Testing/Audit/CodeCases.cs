using System.Text.Json;
using UniqueRandom.Codes;
using UniqueRandom.Pools;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Testing.Audit;

/// <summary>Pools with codes.</summary>
internal static class CodeCases
{
    private const string Right = " Each code is that of its number.";
    private const string Json = """{"alphabet":"crockford32","length":3,"prefix":"XMAS-","group":2,"check":true}""";

    private static readonly CodeFormat Format = new("crockford32", 3, "XMAS-", 2, check: true);
    private static readonly PoolFiles Ten = new(new PoolRange(0, 9), Seeds.Zero);
    private static readonly PoolFiles Largest = new(new PoolRange(0, (1L << 60) - 1), Seeds.Counting, PoolOrder.Computed);
    private static readonly string[] Codes = CodesOf(Ten, Format);
    private static readonly string[] Rows = [.. CsvOf(Ten, Format)];

    public static Dictionary<string, AuditCase> Create() => new()
    {
        ["codes"] = Holds(Lines((0, 1, Codes), (1, 9, Codes)), Right),
        ["codes as CSV"] = Holds(PoolFiles.Text(Rows), Right),
        ["codes as CSV without other columns"] =
            Holds(PoolFiles.Text(Rows.Select(row => string.Join(',', row.Split(',')[..3]))), Right),
        ["codes of the largest numbers"] = new(
            With(Largest.Status(1000), """{"alphabet":"HEX","length":15,"group":4}"""),
            PoolFiles.Text(CsvOf(Largest, new CodeFormat("hex", 15, group: 4), 1000)),
            $"Holds: commitment {Largest.Commitment}, 1,000 numbers at positions 0 to 999 of {Largest.Range}.{Right}"),
        ["codes with commas and quotes"] = Special("\",", 4),
        ["codes that begin like formulas"] = Special("=+-@'"[..2], 4),
        ["codes with apostrophes"] = Special("'=", 4),
        ["codes of the letters of a word"] = Special("valueOf", 2),
        ["codes of an odd alphabet"] = Special("abc", 3),
        ["other code"] = Deviates(
            Lines((0, 10, [.. Codes[..4], Codes[5], .. Codes[5..]])),
            $" at line 1, position 4: the log has the code {Codes[5]}, and the code of {Ten.Numbers[4]} is {Codes[4]}."),
        ["other code as CSV"] = Deviates(
            PoolFiles.Text(Rows).Replace(Codes[9], "XMAS", StringComparison.Ordinal),
            $" at line 11, position 9: the log has the code XMAS, and the code of {Ten.Numbers[9]} is {Codes[9]}."),
        ["code with another check symbol"] = Deviates(
            Lines((0, 1, [Codes[0][..^1] + '7'])),
            $" at line 1, position 0: the log has the code {Codes[0][..^1]}7, and the code of {Ten.Numbers[0]} is {Codes[0]}."),
        ["apostrophe before another code"] = Deviates(
            Lines((0, 1, ['\'' + Codes[0]])),
            $" at line 1, position 0: the log has the code '{Codes[0]}, and the code of {Ten.Numbers[0]} is {Codes[0]}."),
        ["other number with its code"] = Deviates(
            Lines((0, 1, Codes)).Replace($"[{Ten.Numbers[0]}]", $"[{Ten.Numbers[1]}]", StringComparison.Ordinal),
            $" at line 1, position 0: the log has {Ten.Numbers[1]}, and the permutation {Ten.Numbers[0]}."),
        ["codes that are too few"] = Deviates(
            Lines((0, 10, Codes[..9])), " at line 1, position 0: it has 9 codes, and 10 numbers."),
        ["log without codes"] = Holds(Ten.Json(0, 10), " The log has no codes."),
        ["log with codes null"] =
            Holds(Ten.Json(0, 10).Replace("{", "{\"codes\":null,", StringComparison.Ordinal), " The log has no codes."),
        ["log with codes in some lines"] = Holds(
            Lines((0, 4, Codes)) + Ten.Json(4, 6), " The log has only 4 codes, and each is that of its number."),
        ["empty log of a pool with codes"] = new(
            With(Ten.Status(0)), "", $"Holds: commitment {Ten.Commitment}, no numbers (the log is empty) of 0..9."),
        ["codes of a pool without a format"] = new(
            Ten.Status(10),
            PoolFiles.Text(Rows),
            $"Holds: commitment {Ten.Commitment}, 10 numbers at positions 0 to 9 of 0..9. The codes were not compared: their "
                + "format is not given."),
        ["format null"] = new(
            With(Ten.Status(10), "null"),
            Ten.Json(0, 10),
            $"Holds: commitment {Ten.Commitment}, 10 numbers at positions 0 to 9 of 0..9."),
        ["codes that are no texts"] = BadLine(Ten.Json(0, 10).Replace("{", "{\"codes\":[1],", StringComparison.Ordinal)),
        ["code null"] = BadLine(Ten.Json(0, 10).Replace("{", "{\"codes\":[null],", StringComparison.Ordinal)),
        ["code with open quotes"] = BadRow("0,3,\"XMAS-0,2026-11-22T18:00:00.123Z,,,false"),
        ["code with quotes at the end"] = BadRow("0,3,\"XMAS-0\"\""),
        ["code that goes on behind quotes"] = BadRow("0,3,\"XMAS-0\"3,,,false"),
        ["row without a code"] = BadRow("0,3"),
        ["row that ends in a code"] = BadRow("0,3,XMAS-0"),
        ["format with a repeated character"] = Foreign(Json.Replace("crockford32", "0120", StringComparison.Ordinal)),
        ["format with an encoding"] = Foreign(Json.Replace("crockford32", "base64", StringComparison.Ordinal)),
        ["format with a separator"] = Foreign(Json.Replace("crockford32", "01_2", StringComparison.Ordinal)),
        ["format with one character"] = Foreign(Json.Replace("crockford32", "0", StringComparison.Ordinal)),
        ["format of no length"] = Foreign(Json.Replace("3,\"p", "0,\"p", StringComparison.Ordinal)),
        ["format of too many codes"] = Foreign(Json.Replace("3,\"p", "13,\"p", StringComparison.Ordinal)),
        ["format of a length of 64 bits"] = Foreign(Json.Replace("3,\"p", "9223372036854775807,\"p", StringComparison.Ordinal)),
        ["format with a slash"] = Foreign(Json.Replace("XMAS-", "XMAS/", StringComparison.Ordinal)),
        ["format with a group that is too large"] = Foreign(Json.Replace("2,\"c", "4,\"c", StringComparison.Ordinal)),
        ["format with a check of an odd alphabet"] =
            Foreign(Json.Replace("crockford32", "01234567ABC", StringComparison.Ordinal)),
        ["format with too few codes"] = Foreign("""{"alphabet":"abcdef","length":1}"""),
        ["format of negative numbers"] = new(
            With(new PoolFiles(new PoolRange(-1, 9), Seeds.Zero).Status(0)), "", Refusal("-1..9")),
        ["format without a length"] = NoStatus("""{"alphabet":"hex"}"""),
        ["format with a prefix null"] = NoStatus("""{"alphabet":"hex","length":3,"prefix":null}"""),
        ["format with a check of 1"] = NoStatus("""{"alphabet":"hex","length":3,"check":1}"""),
        ["format that repeats a property"] = NoStatus("""{"alphabet":"hex","length":3,"Length":3}"""),
        ["format that is a text"] = NoStatus("\"hex\""),
    };

    private static string[] CodesOf(PoolFiles files, CodeFormat format) => Array.ConvertAll(files.Numbers, format.Write);

    /// <summary>The rows of a server.</summary>
    private static IEnumerable<string> CsvOf(PoolFiles files, CodeFormat format, int count = 10) =>
    [
        "position,number,code,drawnAt,reference,caller,keyed",
        .. CodesOf(files, format)[..count].Select((code, position) =>
            $"{position},{files.Numbers[position]},{Field(code)},2026-11-22T18:00:00.123Z,\"a,b\",,false"),
    ];

    private static string Field(string code)
    {
        if ("=+-@".Contains(code[0]))
            code = $"'{code}";
        return code.AsSpan().ContainsAny(',', '"') ? $"\"{code.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : code;
    }

    /// <summary>Creates lines, each with its first position, its count, and the codes from that position on.</summary>
    private static string Lines(params (int First, int Count, string[] Codes)[] lines) => PoolFiles.Text(lines.Select(line =>
        SampleLog.JsonLine(line.First, line.Count, Ten.Numbers.AsSpan(line.First, line.Count)).Replace(
            "\"drawnAt\"",
            $"\"codes\":{JsonSerializer.Serialize(line.Codes.Skip(line.First).Take(line.Count))},\"drawnAt\"",
            StringComparison.Ordinal)));

    private static AuditCase Holds(string log, string end) => new(
        With(Ten.Status(10)), log, $"Holds: commitment {Ten.Commitment}, 10 numbers at positions 0 to 9 of 0..9.{end}");

    private static AuditCase Special(string alphabet, int length) => new(
        With(Ten.Status(10), $"{{\"alphabet\":{JsonSerializer.Serialize(alphabet)},\"length\":{length}}}"),
        PoolFiles.Text(CsvOf(Ten, new CodeFormat(alphabet, length))),
        $"Holds: commitment {Ten.Commitment}, 10 numbers at positions 0 to 9 of 0..9.{Right}");

    private static AuditCase Deviates(string log, string end) => new(With(Ten.Status(null)), log, "Deviates" + end);

    private static AuditCase BadLine(string log) => new(
        With(Ten.Status(10)),
        log,
        "The log can't be checked: line 1 is truncated or not from an exported log (expected a JSON object with the integers "
            + "first and count and the array numbers); export the log again.");

    private static AuditCase BadRow(string row) => new(
        With(Ten.Status(null)),
        PoolFiles.Text([Rows[0], row]),
        "The log can't be checked: line 2 is truncated or not from an exported log (expected the integers position,number and "
            + "as many columns as in the first line); export the log again.");

    private static AuditCase Foreign(string format) => new(With(Ten.Status(10), format), "", Refusal("0..9"));

    private static AuditCase NoStatus(string format) => new(
        With(Ten.Status(10), format),
        "",
        "'status.json' is not the status of a pool; store the response of GET /pools/{pool} in it.");

    private static string Refusal(string range) =>
        $"code in 'status.json' is not a format of codes for the numbers {range}; store the status again.";

    private static string With(string status, string format = Json) =>
        status.Replace("\"exhaustionExpectedAt\"", $"\"code\":{format},\"exhaustionExpectedAt\"", StringComparison.Ordinal);
}
