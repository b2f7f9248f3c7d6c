using System.Globalization;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Server.Problems;

namespace UniqueRandom.Server.Requests;

/// <summary>The parts of a request beside its body, checked. What breaks a rule is refused by its name.</summary>
internal static class RequestParts
{
    /// <summary>The pool that the path names. It need not exist.</summary>
    /// <exception cref="RefusedException">No pool can have this name.</exception>
    public static string Pool(this HttpContext context)
    {
        var name = (string)context.Request.RouteValues["pool"]!;
        return PoolName.IsValid(name)
            ? name
            : throw new RefusedException(Problem.Invalid("pool", $"The name of a pool is 1 to {PoolName.MaximumLength} characters of a-z, 0-9, - and _."));
    }

    /// <summary>The number that the path names.</summary>
    /// <exception cref="RefusedException">It is no 64-bit integer.</exception>
    public static long Number(this HttpContext context) =>
        long.TryParse((string)context.Request.RouteValues["number"]!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new RefusedException(Problem.Invalid("number", $"The number is an integer from {long.MinValue} to {long.MaxValue}."));

    /// <summary>The position behind the one that the query says is known; 0 without it.</summary>
    /// <exception cref="RefusedException">It is no position.</exception>
    public static long PositionAfter(this HttpContext context)
    {
        var after = context.Request.Query["after"];
        if (after.Count == 0)
            return 0;
        // The last character is looked at because the parser passes over NULs behind the digits.
        return after is [[.., >= '0' and <= '9'] digits] && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var known)
            && known < PoolRange.MaximumSize
            ? known + 1
            : throw new RefusedException(Problem.Invalid("after", $"The position is an integer from 0 to {PoolRange.MaximumSize - 1}, given once."));
    }

    /// <summary>The header Idempotency-Key; null without it.</summary>
    /// <exception cref="RefusedException">It is no key, or there are several.</exception>
    public static string? Key(this HttpContext context)
    {
        var values = context.Request.Headers["Idempotency-Key"];
        if (values.Count == 0)
            return null;
        return values.Count == 1 && IdempotencyKey.IsValid(values[0])
            ? values[0]
            : throw new RefusedException(Problem.Invalid(
                "Idempotency-Key", $"The header Idempotency-Key is 1 to {IdempotencyKey.MaximumLength} visible ASCII characters, given once."));
    }
}
