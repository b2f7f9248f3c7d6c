namespace UniqueRandom.Codes;

/// <summary>
/// The check symbol of ISO/IEC 7064, hybrid system MOD N+1,N, where N is the size of the alphabet. For an even N it finds each
/// wrong character, and all swaps of neighbors but a few.
/// </summary>
internal static class CheckSymbol
{
    /// <summary>Whether an alphabet of a size can have a check symbol.</summary>
    public static bool IsPossible(int size) => size % 2 == 0;

    /// <summary>Computes the check symbol of some values.</summary>
    public static int Of(ReadOnlySpan<int> values, int size) => (size + 1 - Fold(values, size)) % size;

    private static int Fold(ReadOnlySpan<int> values, int size)
    {
        var product = size;
        foreach (var value in values)
        {
            var sum = (product + value) % size;
            product = 2 * (sum == 0 ? size : sum) % (size + 1);
        }

        return product;
    }
}
