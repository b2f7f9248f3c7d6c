using UniqueRandom.Pools;

namespace UniqueRandom.Core.Tests.Pools;

public sealed class PoolRangeTests
{
    [Theory]
    [InlineData(1, 1_000_000, 1_000_000)]
    [InlineData(0, 0, 1)]
    [InlineData(-5, 4, 10)]
    [InlineData(long.MinValue, long.MinValue, 1)]
    [InlineData(long.MaxValue - int.MaxValue + 1, long.MaxValue, int.MaxValue)]
    public void A_range_contains_all_numbers_between_its_bounds(long minimum, long maximum, int size)
    {
        var range = new PoolRange(minimum, maximum);
        Assert.Equal(size, range.Size);
        Assert.Equal(minimum, range.NumberAt(0));
        Assert.Equal(maximum, range.NumberAt((uint)(size - 1)));
        Assert.True(range.Contains(minimum) && range.Contains(maximum));
    }

    [Theory]
    [InlineData(2, 1, "minimum 2 is above maximum 1")]
    [InlineData(1, 1L + int.MaxValue, "holds 2147483648 numbers; a pool holds at most 2147483647")]
    [InlineData(long.MinValue, long.MaxValue, "holds 18446744073709551616 numbers")]
    public void An_empty_or_too_large_range_is_refused_with_a_message(long minimum, long maximum, string message)
    {
        Assert.Contains(message, PoolRange.Validate(minimum, maximum), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new PoolRange(minimum, maximum));
    }
}
