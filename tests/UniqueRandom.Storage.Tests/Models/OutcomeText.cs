using System.Globalization;
using UniqueRandom.Draws;

namespace UniqueRandom.Storage.Tests.Models;

/// <summary>All that an outcome says, to compare it with another one: its equality compares arrays by reference.</summary>
internal static class OutcomeText
{
    public static string Of(DrawOutcome outcome) => string.Create(
        CultureInfo.InvariantCulture,
        $"{outcome.Kind} {outcome.Pool} {outcome.Position} {outcome.Count} {outcome.DrawnAt:O} {outcome.IsReplayed} "
        + $"{outcome.Remaining} {string.Join(' ', outcome.Numbers.ToArray())}");
}
