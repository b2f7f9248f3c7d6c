namespace UniqueRandom.Testing.Time;

/// <summary>A clock that stands still until it is moved.</summary>
public sealed class SteppedTime : TimeProvider
{
    private DateTimeOffset now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public void Advance(TimeSpan time) => now += time;

    public override DateTimeOffset GetUtcNow() => now;
}
