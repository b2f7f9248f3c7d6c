using Microsoft.Extensions.Time.Testing;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Marks;

public sealed class HighWaterMarkTests : IDisposable
{
    private const long Size = 1_000_000;

    private static readonly MarkKey Key = new(Commitment.To(Seeds.Zero, new PoolRange(1, Size)), "p");

    private readonly TemporaryDirectory directory = new();
    private readonly FakeTimeProvider time = new();
    private readonly HighWaterMark mark;

    public HighWaterMarkTests() => mark = new HighWaterMark(MarkFile.Create(directory.File("mark"), Guid.NewGuid()), time);

    public void Dispose()
    {
        mark.Dispose();
        directory.Dispose();
    }

    [Fact]
    public void No_number_is_acknowledged_at_or_above_the_ceiling()
    {
        var pool = mark.Add(Key, Size, 0);
        for (long cursor = 1; cursor < 200_000; cursor += 1 + cursor / 3)
        {
            mark.Acknowledge(pool, cursor);
            time.Advance(TimeSpan.FromMilliseconds(1));
            // Read first, because the thread may raise the stored one meanwhile.
            var allowed = pool.Ceiling;
            var (exact, ceiling) = Stored();
            Assert.Equal(cursor, exact);
            Assert.InRange(allowed, cursor, ceiling);
        }
    }

    [Fact]
    public void The_ceiling_is_half_a_second_ahead()
    {
        var pool = mark.Add(Key, Size, 0);
        mark.Acknowledge(pool, 1);
        time.Advance(TimeSpan.FromSeconds(1));

        // 10,000 numbers in a second.
        mark.Acknowledge(pool, 10_001);

        Assert.Equal(15_001, pool.Ceiling);
    }

    /// <summary>Another pool wakes the thread that raises all ceilings, also while an import is being written.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_import_does_not_count_as_pace(bool wasRaised)
    {
        var pool = mark.Add(Key, Size, 0);
        if (wasRaised)
            mark.Acknowledge(pool, 0);
        time.Advance(TimeSpan.FromSeconds(1));
        mark.ReserveImported(pool, 10_000);
        mark.Acknowledge(pool, 10_000);
        Assert.InRange(pool.Ceiling, 10_000, 10_064);
    }

    [Fact]
    public void The_ceiling_ends_at_the_size_and_a_small_pool_has_a_small_step()
    {
        var small = mark.Add(Key with { Name = "small" }, 50, 0);
        mark.Acknowledge(small, 1);
        Assert.InRange(small.Ceiling, 1, 2);
        mark.Acknowledge(small, 50);
        Assert.Equal(50, small.Ceiling);
        Assert.False(small.IsNearCeiling);
    }

    [Fact]
    public void A_closed_mark_gives_nothing_up()
    {
        var pool = mark.Add(Key, Size, 0);
        mark.Acknowledge(pool, 1000);

        mark.Close();

        Assert.Equal((1000, 1000), Stored());
    }

    [Fact]
    public void After_a_failed_sync_nothing_is_acknowledged()
    {
        var pool = mark.Add(Key, Size, 0);
        File.Delete(directory.File("mark"));

        var failure = Assert.Throws<StoreException>(() => mark.Acknowledge(pool, 1));

        Assert.Equal(StoreFault.Fatal, failure.Fault);
        Assert.Contains(directory.File("mark"), failure.Message);
        Assert.Same(failure, Assert.Throws<StoreException>(() => mark.Acknowledge(pool, 2)));
    }

    private (long Exact, long Ceiling) Stored()
    {
        using var file = MarkFile.Open(directory.File("mark"))!;
        return file.Read(file.Find(Key)!.Value);
    }
}
