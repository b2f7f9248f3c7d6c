using UniqueRandom.Draws;

namespace UniqueRandom.Server.Answers;

/// <summary>
/// The body of GET /pools/{pool}/codes/{code} for a code that was issued. It has no position: what the draw log says of a draw is
/// for keys with the role <c>admin</c>, and who redeems a code needs no more than this of it.
/// </summary>
internal sealed record CodeIssued(string Pool, string Code, bool Issued, long Number, DateTime IssuedAt, string? Reference)
{
    public static CodeIssued Of(string pool, string code, long number, in DrawLogRow row) =>
        new(pool, code, Issued: true, number, row.DrawnAt.UtcDateTime, row.Reference);
}

/// <summary>The same for a code that was not issued.</summary>
internal sealed record CodeNotIssued(string Pool, string Code, bool Issued = false);
