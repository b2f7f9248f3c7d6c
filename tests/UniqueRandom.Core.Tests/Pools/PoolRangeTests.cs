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
    [InlineData(-1, long.MaxValue - 1, "holds 9223372036854775808 numbers; a pool holds at most 9223372036854775807")]
    [InlineData(long.MinValue, long.MaxValue, "holds 18446744073709551616 numbers")]
    public void An_empty_or_too_large_range_is_refused_with_a_message(long minimum, long maximum, string message)
    {
        Assert.Contains(message, PoolRange.Validate(minimum, maximum), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new PoolRange(minimum, maximum));
    }

    [Theory]
    [InlineData(1, int.MaxValue, PoolOrder.Stored, null)]
    [InlineData(1, 1L + int.MaxValue, PoolOrder.Stored, "holds 2147483648 numbers; a pool with a stored order has at most 21474")]
    [InlineData(1, 1_000_000, PoolOrder.Computed, null)]
    [InlineData(1, long.MaxValue, PoolOrder.Computed, null)]
    [InlineData(long.MinValue, -2, PoolOrder.Computed, null)]
    [InlineData(1, 999_999, PoolOrder.Computed, "holds 999999 numbers; a pool with a computed order has at least 1000000")]
    [InlineData(7, 7, PoolOrder.Computed, "holds 1 number; a pool with a computed order has at least 1000000")]
    [InlineData(0, long.MaxValue, PoolOrder.Computed, "holds 9223372036854775808 numbers; a pool holds at most 92233720368")]
    [InlineData(2, 1, PoolOrder.Computed, "minimum 2 is above maximum 1")]
    public void The_kind_of_order_limits_the_range(long minimum, long maximum, PoolOrder order, string? message)
    {
        var error = PoolDefinition.Validate(minimum, maximum, order);
        if (message is null)
            Assert.Null(error);
        else
            Assert.Contains(message, error, StringComparison.Ordinal);
    }
}
