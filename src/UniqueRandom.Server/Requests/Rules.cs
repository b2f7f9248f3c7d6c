using System.Globalization;
using UniqueRandom.Draws;
using UniqueRandom.Pools;

namespace UniqueRandom.Server.Requests;

/// <summary>What the parts of a request must be, in the words that refuse them.</summary>
internal static class Rules
{
    public static readonly string Pool =
        $"The name of a pool has 1 to {PoolName.MaximumLength} characters of a-z, 0-9, - and _.";

    public static readonly string Key = $"must have 1 to {IdempotencyKey.MaximumLength} visible ASCII characters";

    public static readonly string Reference =
        $"have 1 to {UniqueRandom.Draws.Reference.MaximumLength} characters without control characters, and not be "
        + $"{UniqueRandom.Draws.Reference.SkippedAfterRestore} or {UniqueRandom.Draws.Reference.Imported}.";

    public static string Integer(string name, long smallest, long largest) =>
        string.Create(CultureInfo.InvariantCulture, $"{name} must be an integer from {smallest} to {largest}.");
}
