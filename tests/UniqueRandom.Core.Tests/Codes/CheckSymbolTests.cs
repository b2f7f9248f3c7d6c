using UniqueRandom.Codes;

namespace UniqueRandom.Core.Tests.Codes;

/// <summary>Proves what the check symbol finds, for every size, by all of its states.</summary>
public sealed class CheckSymbolTests
{
    public static TheoryData<int> Sizes => [.. Enumerable.Range(1, 32).Select(half => 2 * half)];

    /// <summary>
    /// A wrong character leads to another check symbol, whatever was before it, and another state in the middle to another one at
    /// the end. So a code with one wrong character never has the right check symbol.
    /// </summary>
    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_wrong_character_is_always_found(int size)
    {
        for (var before = 0; before < size; before++)
        {
            var symbols = Enumerable.Range(0, size).Select(value => CheckSymbol.Of([before, value], size));
            Assert.Equal(size, symbols.Distinct().Count());
            symbols = Enumerable.Range(0, size).Select(value => CheckSymbol.Of([value, before], size));
            Assert.Equal(size, symbols.Distinct().Count());
        }
    }

    /// <summary>Counts the swaps of different neighbors that are missed, in each state.</summary>
    [Theory]
    [InlineData(10, 0.025)]
    [InlineData(16, 0.01)]
    [InlineData(20, 0.006)]
    [InlineData(26, 0.004)]
    [InlineData(32, 0.003)]
    public void Nearly_all_swaps_of_neighbors_are_found(int size, double most)
    {
        var (missed, all) = (0, 0);
        for (var before = 0; before < size; before++)
        {
            for (var left = 0; left < size; left++)
            {
                for (var right = 0; right < size; right++)
                {
                    if (left == right)
                        continue;
                    all++;
                    if (CheckSymbol.Of([before, left, right], size) == CheckSymbol.Of([before, right, left], size))
                        missed++;
                }
            }
        }

        Assert.InRange((double)missed / all, 0, most);
    }
}
