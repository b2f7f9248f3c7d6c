using UniqueRandom.Audit;
using UniqueRandom.Pools;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Core.Tests.Audit;

/// <summary>
/// Uses the published test vector: a seed of 32 zero bytes and the range 1..10 give the order 3 8 2 9 7 6 4 1 10 5.
/// </summary>
public sealed class OrderAuditTests
{
    private const string Published = "b94a7ee0e4e184cdf2c35d29cc9da06cb1872cc52f57c260b4cb9a5f8cdbf01b";

    private static readonly PoolRange Ten = new(1, 10);
    private static readonly AuditedPool Pool = new(Ten, Seeds.Zero, Commitment.To(Seeds.Zero, Ten), Drawn: null);
    private static readonly long[] Order = [3, 8, 2, 9, 7, 6, 4, 1, 10, 5];

    [Fact]
    public void A_log_of_the_whole_pool_holds() =>
        AssertHolds(
            $"Holds: commitment {Published}, 10 numbers at positions 0 to 9 of 1..10.", Pool with { Drawn = 10 },
            SampleLog.Json(Order, 0, 3, 1, 6));

    [Fact]
    public void A_log_of_many_numbers_holds()
    {
        var range = new PoolRange(-20_000, 979_999);
        var numbers = SampleLog.Numbers(Seeds.Counting, range);
        var finding = OrderAudit.Check(
            new AuditedPool(range, Seeds.Counting, Commitment.To(Seeds.Counting, range), 12_345),
            SampleLog.Json(numbers, 0, 1, 10_000, 2344));
        Assert.True(finding.Holds);
        Assert.EndsWith(
            " 12,345 numbers at positions 0 to 12,344 of -20000..979999.", finding.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_can_start_and_end_at_any_position() =>
        AssertHolds(
            $"Holds: commitment {Published}, 3 numbers at positions 4 to 6 of 1..10.", Pool, SampleLog.Json(Order, 4, 2, 1));

    [Fact]
    public void A_single_number_and_an_empty_log_hold()
    {
        AssertHolds($"Holds: commitment {Published}, 1 number at position 9 of 1..10.", Pool, SampleLog.Json(Order, 9, 1));
        AssertHolds($"Holds: commitment {Published}, no numbers (the log is empty) of 1..10.", Pool with { Drawn = 0 }, []);
    }

    [Fact]
    public void Without_a_published_commitment_the_finding_says_that_none_was_compared() => AssertHolds(
        $"Holds: 10 numbers at positions 0 to 9 of 1..10; "
            + $"the commitment {Published} was computed but not compared because none was given.",
        Pool with { Published = null },
        SampleLog.Json(Order, 0, 10));

    [Fact]
    public void Two_swapped_numbers_deviate_at_the_first_of_them()
    {
        long[] swapped = [3, 8, 2, 9, 6, 7, 4, 1, 10, 5];
        AssertDeviates(
            "Deviates at line 2, position 4: the log has 6, and the permutation 7.", Pool, SampleLog.Json(swapped, 0, 3, 7));
        AssertDeviates(
            "Deviates at line 6, position 4: the log has 6, and the permutation 7.", Pool, SampleLog.Csv(swapped, 0, 10));
    }

    [Fact]
    public void A_number_that_is_off_by_one_deviates()
    {
        long[] off = [3, 8, 2, 9, 7, 6, 4, 1, 10, 6];
        AssertDeviates("Deviates at line 1, position 9: the log has 6, and the permutation 5.", Pool, SampleLog.Json(off, 0, 10));
    }

    [Fact]
    public void A_gap_deviates() => AssertDeviates(
        "Deviates at line 2: it starts at position 5, and position 3 is missing: a gap.",
        Pool,
        [SampleLog.JsonLine(0, 3, 3, 8, 2), SampleLog.JsonLine(5, 2, 6, 4)]);

    [Fact]
    public void An_overlap_deviates_even_where_the_numbers_are_right() => AssertDeviates(
        "Deviates at line 2: it starts at position 2, and position 3 is next: an overlap.",
        Pool,
        [SampleLog.JsonLine(0, 3, 3, 8, 2), SampleLog.JsonLine(2, 2, 2, 9)]);

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void A_wrong_count_deviates(int count) => AssertDeviates(
        $"Deviates at line 1, position 0: its count is {count}, and it has 3 numbers.", Pool,
        [SampleLog.JsonLine(0, count, 3, 8, 2)]);

    [Fact]
    public void Positions_outside_the_permutation_deviate()
    {
        AssertDeviates(
            "Deviates at line 2, position 10: the log has 1, and the permutation ends at position 9.",
            Pool,
            [SampleLog.JsonLine(0, 10, Order), SampleLog.JsonLine(10, 1, 1)]);
        AssertDeviates(
            "Deviates at line 1, position -1: the log has 5, and the permutation ends at position 9.", Pool,
            [SampleLog.JsonLine(-1, 1, 5)]);
    }

    [Fact]
    public void A_different_seed_gives_a_different_commitment() => AssertDeviates(
        $"Deviates: seed and range 1..10 give "
            + $"the commitment {Commitment.To(Seeds.Counting, Ten)}, and {Published} was published.",
        Pool with { Seed = Seeds.Counting },
        SampleLog.Json(SampleLog.Numbers(Seeds.Counting, Ten), 0, 10));

    [Fact]
    public void A_different_range_gives_a_different_commitment_and_different_numbers()
    {
        var shifted = Pool with { Range = new PoolRange(2, 11) };
        var finding = OrderAudit.Check(shifted, SampleLog.Json(Order, 0, 10));
        Assert.False(finding.Holds);
        Assert.StartsWith("Deviates: seed and range 2..11 give the commitment ", finding.Sentence, StringComparison.Ordinal);
        AssertDeviates(
            "Deviates at line 1, position 0: the log has 3, and the permutation 4.", shifted with { Published = null },
            SampleLog.Json(Order, 0, 10));
    }

    [Fact]
    public void A_log_with_fewer_or_more_numbers_than_were_drawn_deviates()
    {
        AssertDeviates(
            "Deviates: the log has 4 numbers at positions 0 to 3, and the pool has drawn 6: "
                + "the log lacks what was drawn from position 4 on.",
            Pool with { Drawn = 6 },
            SampleLog.Json(Order, 0, 4));
        AssertDeviates(
            "Deviates: the log has 6 numbers at positions 0 to 5, and the pool has drawn 4: "
                + "the log has more than was drawn from position 4 on.",
            Pool with { Drawn = 4 },
            SampleLog.Json(Order, 0, 6));
        AssertDeviates(
            "Deviates: the log has no numbers (the log is empty), and the pool has drawn 4: "
                + "the log lacks what was drawn from position 0 on.",
            Pool with { Drawn = 4 },
            []);
    }

    [Fact]
    public void Reading_stops_at_the_first_deviation()
    {
        static IEnumerable<string> Log()
        {
            yield return SampleLog.JsonLine(0, 1, 4);
            Assert.Fail("The log was read past the first deviation.");
        }

        Assert.False(OrderAudit.Check(Pool, Log()).Holds);
    }

    [Theory]
    [InlineData(long.MinValue, long.MinValue + 9)]
    [InlineData(long.MaxValue - 9, long.MaxValue)]
    public void Logs_at_the_limits_of_Int64_hold_in_both_formats(long minimum, long maximum)
    {
        var range = new PoolRange(minimum, maximum);
        var numbers = SampleLog.Numbers(Seeds.Zero, range);
        Assert.Contains(minimum, numbers);
        Assert.Contains(maximum, numbers);
        var pool = new AuditedPool(range, Seeds.Zero, Commitment.To(Seeds.Zero, range), 10);
        var json = OrderAudit.Check(pool, SampleLog.Json(numbers, 0, 10));
        Assert.True(json.Holds, json.Sentence);
        Assert.Equal(json, OrderAudit.Check(pool, SampleLog.Csv(numbers, 0, 10)));
    }

    private static void AssertHolds(string sentence, AuditedPool pool, IEnumerable<string> log) =>
        Assert.Equal(new AuditFinding(true, sentence), OrderAudit.Check(pool, log));

    private static void AssertDeviates(string sentence, AuditedPool pool, IEnumerable<string> log) =>
        Assert.Equal(new AuditFinding(false, sentence), OrderAudit.Check(pool, log));
}
