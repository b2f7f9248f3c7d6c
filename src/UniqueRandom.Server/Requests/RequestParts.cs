using System.Globalization;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Server.Problems;

namespace UniqueRandom.Server.Requests;

/// <summary>Reads and validates the parts of a request other than its body. The problem for an invalid part names it.</summary>
internal static class RequestParts
{
    /// <summary>Reads the pool name in the path. The pool need not exist.</summary>
    /// <exception cref="RefusedException">The name is not valid.</exception>
    public static string Pool(this HttpContext context)
    {
        var name = (string)context.Request.RouteValues["pool"]!;
        return PoolName.IsValid(name) ? name : throw new RefusedException(Problem.Invalid("pool", Rules.Pool));
    }

    /// <summary>Reads the number in the path.</summary>
    /// <exception cref="RefusedException">The number is not a 64-bit integer.</exception>
    public static long Number(this HttpContext context)
    {
        var text = (string)context.Request.RouteValues["number"]!;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new RefusedException(Problem.Invalid("number", Rules.Integer("number", long.MinValue, long.MaxValue)));
    }

    /// <summary>Reads <c>after</c>, the last position that the client has.</summary>
    /// <returns>The next position; 0 without <c>after</c>.</returns>
    /// <exception cref="RefusedException"><c>after</c> is not a position.</exception>
    public static long FirstPosition(this HttpContext context) =>
        context.QueryInteger("after", 0, PoolRange.MaximumSize - 1) is { } after ? after + 1 : 0;

    /// <summary>Reads <c>after</c>, the last pool name that the client has; null without it.</summary>
    /// <exception cref="RefusedException"><c>after</c> is not a valid name.</exception>
    public static string? PoolAfter(this HttpContext context)
    {
        var after = context.Request.Query["after"];
        if (after.Count == 0)
            return null;
        return after is [var name] && PoolName.IsValid(name)
            ? name
            : throw new RefusedException(Problem.Invalid("after", $"{Rules.Pool} Give after once."));
    }

    /// <summary>Reads <c>limit</c>; <paramref name="largest"/> without it.</summary>
    /// <exception cref="RefusedException">It is not an integer from 1 to <paramref name="largest"/>.</exception>
    public static int Limit(this HttpContext context, int largest) => (int)(context.QueryInteger("limit", 1, largest) ?? largest);

    /// <summary>Reads <c>points</c>; <paramref name="usual"/> without it.</summary>
    /// <exception cref="RefusedException">It is not an integer from 1 to <paramref name="largest"/>.</exception>
    public static int Points(this HttpContext context, int usual, int largest) =>
        (int)(context.QueryInteger("points", 1, largest) ?? usual);

    /// <summary>Reads the header Idempotency-Key; null without it.</summary>
    /// <exception cref="RefusedException">The key is not valid, or there are several.</exception>
    public static string? Key(this HttpContext context)
    {
        var values = context.Request.Headers["Idempotency-Key"];
        if (values.Count == 0)
            return null;
        return values.Count == 1 && IdempotencyKey.IsValid(values[0])
            ? values[0]
            : throw new RefusedException(Problem.Invalid(
                "Idempotency-Key",
                $"Idempotency-Key {Rules.Key} and be sent once."));
    }

    private static long? QueryInteger(this HttpContext context, string name, long smallest, long largest)
    {
        var values = context.Request.Query[name];
        if (values.Count == 0)
            return null;
        // The last character is checked because the parser ignores NULs after the digits.
        return values is [[.., >= '0' and <= '9'] digits]
            && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value >= smallest && value <= largest
            ? value
            : throw new RefusedException(Problem.Invalid(name, $"{Rules.Integer(name, smallest, largest)} Give {name} once."));
    }
}
