using Microsoft.Extensions.Time.Testing;
using UniqueRandom.Draws;
using UniqueRandom.Metrics;
using UniqueRandom.Pools;

namespace UniqueRandom.Core.Tests.Metrics;

/// <summary>Fill levels that a batch in doubt may have reached are reported by a later draw.</summary>
public sealed class InDoubtLevelTests : IDisposable
{
    private static readonly PoolDefinition Thousand = new("p", new PoolRange(1, 1000));

    private static readonly FakeTimeProvider Time = new();

    private readonly DrawActivity activity = new(Time);
    private readonly List<int> levels = [];

    public InDoubtLevelTests() => activity.FillLevelReached += level => levels.Add(level.Percent);

    public void Dispose() => activity.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_level_of_a_recorded_batch_is_reported_by_the_next_draw(bool hasDrawnBefore)
    {
        if (hasDrawnBefore)
            activity.Record([Drawn(0, 700)]);
        activity.RecordDoubt([new("p", 60), new("p", 60)]);
        activity.Record([Drawn(820, 1)]);
        Assert.Equal([80], levels);
        activity.Record([Drawn(821, 1)]);
        Assert.Equal([80], levels);
    }

    [Fact]
    public void A_level_of_a_batch_that_was_not_recorded_is_reported_by_the_draw_that_reaches_it()
    {
        activity.Record([Drawn(0, 700)]);
        activity.RecordDoubt([new("p", 120)]);
        activity.Record([Drawn(700, 1)]);
        Assert.Empty(levels);
        activity.Record([Drawn(701, 99)]);
        Assert.Equal([80], levels);
    }

    [Fact]
    public void The_last_level_is_reported_by_the_draw_that_finds_the_pool_exhausted()
    {
        activity.Record([Drawn(0, 990)]);
        levels.Clear();
        activity.RecordDoubt([new("p", 10)]);
        activity.Record([DrawOutcome.Exhausted(Thousand, 1000)]);
        Assert.Equal([100], levels);
    }

    [Fact]
    public void A_replay_reports_the_level_of_its_draw_once()
    {
        activity.Record([Drawn(0, 700)]);
        activity.RecordDoubt([new("p", 250)]);
        activity.Record([Drawn(700, 250).ToReplay()]);
        Assert.Equal([80, 95], levels);
        activity.Record([Drawn(0, 700).ToReplay(), Drawn(700, 250).ToReplay(), Drawn(950, 1)]);
        Assert.Equal([80, 95], levels);
        Assert.Equal(2 / 60.0, activity.PaceOf("p").DrawsPerSecond);
    }

    [Fact]
    public void A_batch_in_doubt_does_not_affect_other_pools()
    {
        activity.RecordDoubt([new("other", 900)]);
        activity.Record([Drawn(900, 1)]);
        Assert.Empty(levels);
    }

    private static DrawOutcome Drawn(long first, int count) =>
        DrawOutcome.DrawnMany(Thousand, first, new long[count], Time.GetUtcNow());
}
