namespace UniqueRandom.Testing.Audit;

/// <summary>Statuses that are written differently, forged or foreign.</summary>
internal static class StatusCases
{
    private static readonly PoolFiles Ten = PoolFiles.Ten;
    private static readonly string Holding = $"Holds: commitment {Ten.Commitment}, 10 numbers at positions 0 to 9 of 1..10.";
    private static readonly string Commitment = $"\"commitment\":\"{Ten.Commitment}\"";
    private static readonly string Seed = $"\"seed\":\"{Ten.Seed.Reveal()}\"";
    private static readonly string Both = $"{Commitment},{Seed}";

    public static Dictionary<string, AuditCase> Create() => new()
    {
        ["status over several lines"] = With($$"""
            {
              "minimum": 1, "maximum": 10, "drawn": 10,
              {{Commitment}},
              {{Seed}}
            }
            """, Holding),
        ["status without drawn"] = With($$"""{"minimum":1,"maximum":10,{{Both}}}""", Holding),
        ["status without an order"] = With($$"""{"minimum":1,"maximum":10,"order":null,{{Both}}}""", Holding),
        ["status with a number as order"] = Foreign($$"""{"minimum":1,"maximum":10,"order":1,{{Both}}}"""),
        ["status in other capitals"] = With($$"""{"MINIMUM":1,"Maximum":10,{{Both}}}""", Holding),
        ["status with escapes"] = With($$"""{"m\u0069nimum":1,"maximum":10,{{Both.Replace("b94a", "\\u006294a")}}}""", Holding),
        ["status that was truncated"] = Foreign($$"""{"minimum":1,"maximum":10,{{Both}}"""),
        ["status that goes on"] = Foreign($$"""{"minimum":1,"maximum":10,{{Both}}},"""),
        ["status with a comment"] = Foreign($$"""{"minimum":1,"maximum":10,{{Both}}/* raffle */}"""),
        ["status with a trailing comma"] = Foreign($$"""{"minimum":1,"maximum":10,{{Both}},}"""),
        ["status that repeats a property"] = Foreign($$"""{"minimum":1,"minimum":1,"maximum":10,{{Both}}}"""),
        ["status that repeats a property in capitals"] = Foreign($$"""{"minimum":1,"Minimum":1,"maximum":10,{{Both}}}"""),
        ["status without a commitment"] = Foreign($$"""{"minimum":1,"maximum":10,{{Seed}}}"""),
        ["status with an empty commitment"] = Foreign($$"""{"minimum":1,"maximum":10,"commitment":null,{{Seed}}}"""),
        ["status without a seed"] = Foreign($$"""{"minimum":1,"maximum":10,{{Commitment}}}"""),
        ["status with a text as bound"] = Foreign($$"""{"minimum":"1","maximum":10,{{Both}}}"""),
        ["status with a fraction as bound"] = Foreign($$"""{"minimum":1.0,"maximum":10,{{Both}}}"""),
        ["status with a bound of 65 bits"] = Foreign($$"""{"minimum":1,"maximum":9223372036854775808,{{Both}}}"""),
        ["status with a broken text"] = Foreign($$"""{"minimum":1,"maximum":10,{{Both}},"pool":"a{{"\n"}}b"}"""),
        ["status of a list"] = Foreign("[]"),
        ["status null"] = Foreign("null"),
        ["status empty"] = Foreign(""),
        ["status of a problem"] = Foreign("""{"type":"urn:uniquerandom:problem:pool-not-found","status":404}"""),
        ["status of an open pool"] = With(
            $$"""{"minimum":1,"maximum":10,{{Commitment}},"seed":null}""",
            "'status.json' has no seed: the pool must be closed or exhausted first, and its status stored after that."),
        ["bounds in the wrong order"] = With(
            $$"""{"minimum":10,"maximum":1,{{Both}}}""",
            "minimum and maximum in 'status.json' are not a valid range: minimum 10 is above maximum 1; a pool holds at least "
                + "one number."),
        ["range that is too large"] = With(
            $$"""{"minimum":-9223372036854775808,"maximum":9223372036854775807,{{Both}}}""",
            "minimum and maximum in 'status.json' are not a valid range: the range -9223372036854775808..9223372036854775807 "
                + "holds 18446744073709551616 numbers; a pool holds at most 9223372036854775807."),
        ["range that is too large for a stored order"] = With(
            $$"""{"minimum":1,"maximum":2147483648,{{Both}}}""",
            "minimum and maximum in 'status.json' are not a valid range: the range 1..2147483648 holds 2147483648 numbers; "
                + "a pool with a stored order has at most 2147483647. A pool with a computed order can have more."),
        ["short seed"] = With(
            $$"""{"minimum":1,"maximum":10,{{Commitment}},"seed":"00ff"}""",
            "seed in 'status.json' must have 64 hexadecimal digits; it is '00ff'."),
        ["commitment that isn't hexadecimal"] = With(
            $$"""{"minimum":1,"maximum":10,"commitment":"{{new string('x', 64)}}",{{Seed}}}""",
            $"commitment in 'status.json' must have 64 hexadecimal digits; it is '{new string('x', 64)}'."),
        ["published commitment that isn't one"] = With(
            Ten.Status(10), "The published commitment must have 64 hexadecimal digits; it is 'b94a7ee0'.") with
        { Commitment = "b94a7ee0" },
    };

    private static AuditCase With(string status, string sentence) => new(status, Ten.Json(0, 10), sentence);

    private static AuditCase Foreign(string status) =>
        With(status, "'status.json' is not the status of a pool; store the response of GET /pools/{pool} in it.");
}
