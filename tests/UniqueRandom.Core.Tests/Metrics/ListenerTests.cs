using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using UniqueRandom.Draws;
using UniqueRandom.Metrics;
using UniqueRandom.Pools;

namespace UniqueRandom.Core.Tests.Metrics;

/// <summary>Listeners run between a commit and its answers, so their exceptions must not propagate.</summary>
public sealed class ListenerTests : IDisposable
{
    private static readonly PoolDefinition Ten = new("listened", new PoolRange(1, 10));

    private readonly DrawActivity activity = new(new FakeTimeProvider());
    private readonly List<int> levels = [];

    public void Dispose() => activity.Dispose();

    [Fact]
    public void A_handler_that_throws_does_not_stop_other_handlers()
    {
        activity.FillLevelReached += _ => throw new InvalidOperationException("a faulty handler");
        activity.FillLevelReached += level => levels.Add(level.Percent);
        activity.Record([DrawOutcome.DrawnMany(Ten, 0, new long[10], DateTimeOffset.UnixEpoch)]);
        Assert.Equal([80, 95, 99, 100], levels);
    }

    [Fact]
    public void A_meter_listener_that_throws_does_not_stop_handlers()
    {
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, meterListener) =>
        {
            if (instrument.Meter.Name == DrawActivity.MeterName)
                meterListener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            // Other tests draw at the same time.
            if (tags.ToArray().Any(tag => Equals(tag.Value, Ten.Name)))
                throw new InvalidOperationException("a faulty listener");
        });
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => throw new InvalidOperationException("a faulty listener"));
        listener.SetMeasurementEventCallback<int>((_, _, _, _) => throw new InvalidOperationException("a faulty listener"));
        listener.Start();

        activity.RecordWait(TimeSpan.FromSeconds(1));
        activity.RecordFailure(Ten.Name, new InvalidOperationException());
        activity.FillLevelReached += level => levels.Add(level.Percent);
        activity.Record([DrawOutcome.DrawnMany(Ten, 0, new long[8], DateTimeOffset.UnixEpoch)]);
        Assert.Equal([80], levels);
    }
}
