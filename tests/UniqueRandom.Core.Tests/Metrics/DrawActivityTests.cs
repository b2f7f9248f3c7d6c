using System.Diagnostics.Metrics;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using UniqueRandom.Draws;
using UniqueRandom.Metrics;
using UniqueRandom.Pools;

namespace UniqueRandom.Core.Tests.Metrics;

public sealed class DrawActivityTests : IDisposable
{
    private static readonly PoolDefinition Thousand = new("thousand", new PoolRange(1, 1000));

    private readonly FakeTimeProvider time = new();
    private readonly DrawActivity activity;
    private readonly List<(string Pool, int Percent, long Remaining)> crossed = [];

    public DrawActivityTests()
    {
        activity = new DrawActivity(time);
        activity.FillLevelReached += level => crossed.Add((level.Pool.Name, level.Percent, level.Remaining));
    }

    public void Dispose() => activity.Dispose();

    [Fact]
    public void The_pace_covers_the_last_minute()
    {
        Assert.Equal(default, activity.PaceOf("thousand"));
        Record(Drawn(0, 1), Drawn(1, 5));
        Assert.Equal(new DrawPace(2 / 60.0, 6 / 60.0), activity.PaceOf("thousand"));
        time.Advance(TimeSpan.FromSeconds(30));
        Record(Drawn(6, 100));
        Assert.Equal(new DrawPace(3 / 60.0, 106 / 60.0), activity.PaceOf("thousand"));
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(new DrawPace(3 / 60.0, 106 / 60.0), activity.PaceOf("thousand"));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new DrawPace(1 / 60.0, 100 / 60.0), activity.PaceOf("thousand"));
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(default, activity.PaceOf("thousand"));
    }

    [Fact]
    public void Draws_from_whole_minutes_ago_are_not_counted()
    {
        for (var minute = 0; minute < 5; minute++)
        {
            Record(Drawn(minute, 1));
            Assert.Equal(new DrawPace(1 / 60.0, 1 / 60.0), activity.PaceOf("thousand"));
            time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(default, activity.PaceOf("thousand"));
        }
    }

    [Fact]
    public void Draws_in_the_future_are_not_counted_after_the_clock_is_set_back()
    {
        Record(Drawn(0, 10));
        time.AdjustTime(time.GetUtcNow().AddSeconds(-20));
        Assert.Equal(default, activity.PaceOf("thousand"));
        Record(Drawn(10, 3));
        Assert.Equal(new DrawPace(1 / 60.0, 3 / 60.0), activity.PaceOf("thousand"));
    }

    [Fact]
    public void The_history_has_the_numbers_of_each_second()
    {
        Assert.Null(History());
        Record(Drawn(0, 1), Drawn(1, 5));
        Assert.Equal([.. new long[59], 6], History());
        time.Advance(TimeSpan.FromSeconds(2));
        Record(Drawn(6, 100));
        Assert.Equal([.. new long[57], 6, 0, 100], History());
        time.Advance(TimeSpan.FromSeconds(58));
        Assert.Equal([0, 100, .. new long[58]], History());
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(new long[60], History());
    }

    [Fact]
    public void The_history_ends_at_the_cursor_that_is_asked_for()
    {
        Record(Drawn(0, 5));
        time.Advance(TimeSpan.FromSeconds(1));
        Record(Drawn(5, 3));
        time.Advance(TimeSpan.FromSeconds(1));
        Record(Drawn(8, 2));
        Assert.Equal([.. new long[57], 5, 3, 1], History(cursor: 9));
        Assert.Equal([.. new long[57], 5, 2, 0], History(cursor: 7));
        Assert.Equal(new long[60], History(cursor: 0));
        Assert.Equal([.. new long[57], 5, 3, 2], History(cursor: 11));
    }

    [Fact]
    public void The_history_has_what_other_processes_draw()
    {
        activity.Observe(Thousand, 10, 15);
        Assert.Equal([.. new long[59], 5], History());
        // Others have drawn 15 to 19 before this draw, and after the last cursor that was seen.
        Record(Drawn(20, 2));
        Assert.Equal([.. new long[59], 12], History());
        // This process has drawn these numbers, and has counted them.
        activity.Observe(Thousand, 15, 22);
        Assert.Equal([.. new long[59], 12], History());
        time.Advance(TimeSpan.FromSeconds(59));
        activity.Observe(Thousand, 30, 30);
        Assert.Equal([12, .. new long[58], 8], History());
    }

    [Fact]
    public void What_others_drew_an_unknown_time_ago_is_not_in_the_history()
    {
        Record(Drawn(0, 1));
        time.Advance(TimeSpan.FromMinutes(1));
        activity.Observe(Thousand, 500, 500);
        Assert.Equal(new long[60], History());
        Record(Drawn(500, 3));
        Assert.Equal([.. new long[59], 3], History());
        // A standby that lags behind shows an older cursor.
        activity.Observe(Thousand, 400, 450);
        Assert.Equal([.. new long[59], 3], History());
    }

    [Fact]
    public void A_pool_that_is_extended_keeps_its_pace_and_reaches_the_levels_of_its_new_size()
    {
        Record(Drawn(0, 800));
        var extended = Thousand with { Range = new PoolRange(1, 2000) };
        Record(Drawn(extended, 800, 799), Drawn(extended, 1599, 1));
        Assert.Equal([("thousand", 80, 200), ("thousand", 80, 400)], crossed);
        Assert.Equal(new DrawPace(3 / 60.0, 1600 / 60.0), activity.PaceOf("thousand"));
        Assert.Equal([.. new long[59], 1600], History(cursor: 1600));
        // A reading that is older than the draw.
        activity.Observe(Thousand, 1000, 1000);
        Record(Drawn(extended, 1600, 400));
        Assert.Equal([("thousand", 95, 0), ("thousand", 99, 0), ("thousand", 100, 0)], crossed[2..]);
        Assert.Equal(new DrawPace(4 / 60.0, 2000 / 60.0), activity.PaceOf("thousand"));
        // Another pool of the name, after a failover.
        Record(Drawn(Thousand with { Range = new PoolRange(0, 999) }, 0, 1));
        Assert.Equal(new DrawPace(1 / 60.0, 1 / 60.0), activity.PaceOf("thousand"));
    }

    [Fact]
    public void Each_pool_has_its_own_pace()
    {
        var other = Thousand with { Name = "other" };
        Record(Drawn(0, 1), Drawn(other, 0, 7), Drawn(1, 1), Drawn(other, 7, 7));
        Assert.Equal(new DrawPace(2 / 60.0, 2 / 60.0), activity.PaceOf("thousand"));
        Assert.Equal(new DrawPace(2 / 60.0, 14 / 60.0), activity.PaceOf("other"));
        Assert.Equal(default, activity.PaceOf("none"));
    }

    [Fact]
    public void Outcomes_that_took_no_numbers_are_not_counted()
    {
        Record(
            Drawn(0, 800).ToReplay(), DrawOutcome.Exhausted(Thousand, 990), DrawOutcome.KeyConflict, DrawOutcome.PoolNotFound,
            DrawOutcome.PoolClosed(Thousand), DrawOutcome.PoolSeeding(Thousand), DrawOutcome.QueueFull);
        Assert.Equal(default, activity.PaceOf("thousand"));
        Assert.Empty(crossed);
    }

    [Theory]
    [InlineData(799, "")]
    [InlineData(800, "80:200")]
    [InlineData(949, "80:51")]
    [InlineData(950, "80:50 95:50")]
    [InlineData(990, "80:10 95:10 99:10")]
    [InlineData(999, "80:1 95:1 99:1")]
    [InlineData(1000, "80:0 95:0 99:0 100:0")]
    public void A_draw_crosses_every_level_that_it_reaches(int count, string levels)
    {
        Record(Drawn(0, count));
        Assert.Equal(levels, string.Join(' ', crossed.Select(level => $"{level.Percent}:{level.Remaining}")));
    }

    [Fact]
    public void A_draw_that_starts_at_a_level_does_not_cross_it_again()
    {
        foreach (var (first, count) in new[] { (0, 800), (800, 1), (801, 149), (950, 40), (990, 9), (999, 1) })
            Record(Drawn(first, count));
        Assert.Equal([("thousand", 80, 200), ("thousand", 95, 50), ("thousand", 99, 10), ("thousand", 100, 0)], crossed);
    }

    [Fact]
    public void A_pool_of_one_number_crosses_all_levels_at_once()
    {
        Record(Drawn(new PoolDefinition("one", new PoolRange(7, 7)), 0, 1));
        Assert.Equal([("one", 80, 0), ("one", 95, 0), ("one", 99, 0), ("one", 100, 0)], crossed);
    }

    [Fact]
    public void The_largest_pool_is_counted_without_overflow()
    {
        var largest = new PoolDefinition("largest", new PoolRange(1, int.MaxValue));
        Record(Drawn(largest, 1_717_986_917, 1), Drawn(largest, int.MaxValue - 1, 1));
        Assert.Equal([("largest", 80, 429_496_729), ("largest", 100, 0)], crossed);
        Assert.Equal(new DrawPace(2 / 60.0, 2 / 60.0), activity.PaceOf("largest"));
    }

    /// <summary>For random sizes of draws and batches.</summary>
    [Fact]
    public void Each_level_is_crossed_once_by_the_draw_that_takes_its_number() =>
        Gen.Select(Gen.Int[1, 400].Array[1, 60], Gen.Int[1, 7]).Sample(CrossesEachLevelOnce, iter: 300, threads: 1);

    private bool CrossesEachLevelOnce(int[] draws, int batchSize)
    {
        var size = draws.Sum();
        var pool = new PoolDefinition("p", new PoolRange(1, size));
        var outcomes = new List<DrawOutcome>();
        foreach (var count in draws)
            outcomes.Add(Drawn(pool, outcomes.Count == 0 ? 0 : outcomes[^1].Position + outcomes[^1].Count, count));

        crossed.Clear();
        foreach (var batch in outcomes.Chunk(batchSize))
            activity.Record(batch);

        // A level is reached at the first position by which at least that percentage is drawn.
        var expected = ((int[])[80, 95, 99, 100]).Select(percent =>
        {
            var last = (int)Math.Ceiling(percent * (decimal)size / 100) - 1;
            return ("p", percent, outcomes.First(draw => draw.Position + draw.Count > last).Remaining);
        });
        return crossed.SequenceEqual(expected);
    }

    [Fact]
    public void The_meter_counts_each_crossing_with_its_pool_and_level()
    {
        var measured = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, meterListener) =>
        {
            if (instrument.Meter.Name == DrawActivity.MeterName && instrument.Name == "uniquerandom.pool.fill_levels")
                meterListener.EnableMeasurementEvents(instrument);
        };
        // Other tests draw at the same time, so the pool has a unique name.
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var text = string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
            if (text.Contains("pool=metered", StringComparison.Ordinal))
                measured.Add($"{value} {text}");
        });
        listener.Start();

        var pool = new PoolDefinition("metered", new PoolRange(1, 10));
        Record(Drawn(pool, 0, 8), Drawn(pool, 0, 8).ToReplay(), Drawn(pool, 8, 1), Drawn(pool, 9, 1));
        Assert.Equal(
            ["1 pool=metered percent=80", "1 pool=metered percent=95", "1 pool=metered percent=99", "1 pool=metered percent=100"],
            measured);
    }

    [Fact]
    public void Exhaustion_is_estimated_from_the_pace_of_the_last_minute()
    {
        var now = time.GetUtcNow();
        Assert.Null(default(DrawPace).ExhaustionOf(100, now));
        Assert.Null(new DrawPace(1, 1).ExhaustionOf(0, now));
        Assert.Equal(now.AddSeconds(50), new DrawPace(1, 2).ExhaustionOf(100, now));
        Assert.Equal(now.AddSeconds(51), new DrawPace(1, 2).ExhaustionOf(101, now.AddMilliseconds(999)));
        Assert.Equal(now.AddMinutes(int.MaxValue), new DrawPace(1 / 60.0, 1 / 60.0).ExhaustionOf(int.MaxValue, now));
    }

    private IReadOnlyList<long>? History(long cursor = long.MaxValue) => activity.HistoryOf("thousand", cursor);

    private void Record(params ReadOnlySpan<DrawOutcome> outcomes) => activity.Record(outcomes);

    private DrawOutcome Drawn(long first, int count) => Drawn(Thousand, first, count);

    private DrawOutcome Drawn(PoolDefinition pool, long first, int count) =>
        count == 1
            ? DrawOutcome.DrawnOne(pool, first, 1, time.GetUtcNow())
            : DrawOutcome.DrawnMany(pool, first, new long[count], time.GetUtcNow());
}
