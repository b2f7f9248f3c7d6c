using UniqueRandom.Pools;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Core.Tests.Pools;

/// <summary>Numbers that are computed ahead are those that are computed one by one.</summary>
public sealed class ComputedNumbersTests : IDisposable
{
    private static readonly PoolRange Range = new(-3, 1_000_100);

    private readonly ComputedNumbers numbers = new(Range, Seeds.Counting);
    private readonly long[] expected = new long[Range.Size];

    public ComputedNumbersTests() => numbers.CopyNumbers(0, expected);

    public void Dispose() => numbers.Dispose();

    [Fact]
    public void Numbers_in_any_sequence_are_those_of_the_order()
    {
        var random = new Random(7);
        for (var run = 0; run < 500; run++)
        {
            var start = run < 5 ? Range.Size - 1 - run : random.NextInt64(Range.Size);
            for (var position = start; position < Math.Min(start + run, Range.Size); position++)
                Assert.Equal(expected[position], numbers.NumberAt(position));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1_000_104)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void A_position_out_of_range_is_refused_each_time(long position)
    {
        Assert.Equal(expected[0], numbers.NumberAt(0));
        for (var i = 0; i < 3; i++)
            Assert.Throws<ArgumentOutOfRangeException>(() => numbers.NumberAt(position));
        Assert.Equal(expected[1], numbers.NumberAt(1));
    }

    [Fact]
    public async Task Threads_can_share_the_numbers() => await Parallel.ForAsync(
        0, 8, TestContext.Current.CancellationToken, (thread, _) =>
        {
            for (var position = thread * 1000; position < thread * 1000 + 5000; position++)
                Assert.Equal(expected[position], numbers.NumberAt(position));
            return ValueTask.CompletedTask;
        });

    [Fact]
    public void The_largest_order_has_its_last_number()
    {
        using var largest = new ComputedNumbers(new PoolRange(long.MinValue, -2), Seeds.Counting);
        var last = largest.NumberAt(long.MaxValue - 1);
        Assert.Equal(long.MaxValue - 1, largest.PositionOf(last));
        Assert.Throws<ArgumentOutOfRangeException>(() => largest.NumberAt(long.MaxValue));
    }
}
