using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using UniqueRandom.Draws;
using UniqueRandom.Metrics;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Core.Tests.Metrics;

/// <summary>What a batch records.</summary>
public sealed class DrawInstrumentTests : IDisposable
{
    private static readonly PoolDefinition One = new("one", new PoolRange(1, 100));
    private static readonly PoolDefinition Two = new("two", new PoolRange(1, 100));

    private readonly DrawActivity activity = new(new FakeTimeProvider());
    private readonly MeterListener listener = new();
    private readonly List<string> measured = [];

    public DrawInstrumentTests()
    {
        listener.InstrumentPublished = (instrument, meterListener) =>
        {
            if (activity.Owns(instrument.Meter))
                meterListener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, $"{value}", tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, $"{value}", tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, $"{value:0.###}", tags));
        listener.Start();
    }

    public void Dispose()
    {
        listener.Dispose();
        activity.Dispose();
    }

    [Fact]
    public void Draws_of_a_pool_and_an_outcome_are_added_at_once()
    {
        activity.Record(
            [
                Drawn(One, 0, 1), Drawn(One, 1, 5), Drawn(Two, 0, 2), Drawn(Two, 0, 2).ToReplay(), DrawOutcome.Exhausted(Two, 99),
                DrawOutcome.PoolClosed(One), DrawOutcome.PoolSeeding(One), DrawOutcome.PoolNotFound, DrawOutcome.KeyConflict,
            ],
            TimeSpan.FromMilliseconds(2));

        Assert.Equal(
            [
                "commit.duration 0.002", "batch.size 9",
                "draws 2 pool=one outcome=drawn", "numbers 6 pool=one",
                "draws 1 pool=two outcome=drawn", "numbers 2 pool=two",
                "draws 1 pool=two outcome=replayed", "draws 1 pool=two outcome=exhausted",
                "draws 1 pool=one outcome=pool_closed", "draws 1 pool=one outcome=pool_seeding",
                "draws 1 outcome=pool_not_found", "draws 1 outcome=key_conflict",
            ],
            measured);
    }

    [Fact]
    public void Failures_name_a_pool_only_if_it_is_known()
    {
        activity.Record([Drawn(One, 0, 1)]);
        measured.Clear();

        activity.RecordFailure("one", new StoreException(StoreFault.InDoubt, "lost"));
        activity.RecordFailure("one", new StoreException(StoreFault.Unavailable, "away"));
        activity.RecordFailure("unknown", new StoreException(StoreFault.Unavailable, "away"));
        activity.RecordQueueFull();
        activity.RecordWait(TimeSpan.FromSeconds(1.5));

        Assert.Equal(
            [
                "draws 1 pool=one outcome=in_doubt", "draws 1 pool=one outcome=store_failed", "draws 1 outcome=store_failed",
                "draws 1 outcome=queue_full", "queue.wait.duration 1.5",
            ],
            measured);
    }

    private static DrawOutcome Drawn(PoolDefinition pool, long first, int count) => count == 1
        ? DrawOutcome.DrawnOne(pool, first, 1, DateTimeOffset.UnixEpoch)
        : DrawOutcome.DrawnMany(pool, first, new long[count], DateTimeOffset.UnixEpoch);

    private void Add(Instrument instrument, string value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}");
        measured.Add(string.Join(' ', [instrument.Name["uniquerandom.".Length..], value, .. labels]));
    }
}
