using System.Text.Json.Serialization;
using UniqueRandom.Codes;
using UniqueRandom.Draws;

namespace UniqueRandom.Server.Answers;

/// <summary>
/// The body of GET /pools/{pool}/numbers/{number} for a drawn number. Code is missing if the pool has no codes.
/// </summary>
internal sealed record NumberDrawn(
    string Pool,
    long Number,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Code,
    bool Drawn,
    long Position,
    DateTime DrawnAt,
    string? Reference,
    string? Caller,
    bool Keyed)
{
    public static NumberDrawn Of(string pool, long number, CodeFormat? format, long position, in DrawLogRow row) => new(
        pool,
        number,
        format?.Write(number),
        Drawn: true,
        position,
        row.DrawnAt.UtcDateTime,
        row.Reference,
        row.Caller,
        row.Key is not null);
}

/// <summary>The same for a number that is not drawn, whose position is secret.</summary>
internal sealed record NumberNotDrawn(string Pool, long Number, bool Drawn = false);
