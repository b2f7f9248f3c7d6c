using UniqueRandom.Draws;

namespace UniqueRandom.Server.Answers;

/// <summary>What became of a number that was drawn.</summary>
internal sealed record NumberDrawn(
    string Pool, long Number, bool Drawn, long Position, DateTime DrawnAt, string? Reference, string? Caller, bool Keyed)
{
    public static NumberDrawn Of(string pool, long number, long position, in DrawLogRow row) =>
        new(pool, number, Drawn: true, position, row.DrawnAt.UtcDateTime, row.Reference, row.Caller, row.Key is not null);
}

/// <summary>Of a number that is not drawn there is nothing more to tell: its position is a secret.</summary>
internal sealed record NumberNotDrawn(string Pool, long Number, bool Drawn = false);
