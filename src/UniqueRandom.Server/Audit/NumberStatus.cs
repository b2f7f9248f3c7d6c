using UniqueRandom.Draws;

namespace UniqueRandom.Server.Audit;

/// <summary>
/// What became of a number: the body of GET /pools/{pool}/numbers/{number}. What is null for a number that is not drawn can be null for one
/// that is, too: a draw without a reference, by nobody in particular.
/// </summary>
internal sealed record NumberStatus(
    string Pool, long Number, bool Drawn, int? Position = null, DateTime? DrawnAt = null, string? Reference = null, string? Caller = null, bool? Keyed = null)
{
    public static NumberStatus Of(string pool, long number, int position, in DrawLogRow row) =>
        new(pool, number, true, position, row.DrawnAt.UtcDateTime, row.Reference, row.Caller, row.Key is not null);
}
