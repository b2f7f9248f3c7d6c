using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Tests.Contract;

public sealed class SeedingTurnsTests : IAsyncLifetime
{
    private readonly SeedingTurns turns = new();
    private readonly TaskCompletionSource<bool> end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> started = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => turns.DisposeAsync();

    [Fact]
    public async Task One_large_and_one_small_pool_are_seeded_at_a_time_in_the_order_of_arrival()
    {
        Task[] seedings =
        [
            SeedAsync("large1", 1_000_001),
            SeedAsync("large2", int.MaxValue),
            SeedAsync("small1", 1_000_000),
            SeedAsync("small2", 1),
            SeedAsync("large3", 1_000_001),
        ];
        Assert.Equal(["large1", "small1"], started);

        end.SetResult(true);
        await Task.WhenAll(seedings);

        Assert.Equal(["large1", "large2", "large3"], started.Where(name => name.StartsWith('l')));
        Assert.Equal(["small1", "small2"], started.Where(name => name.StartsWith('s')));
    }

    [Fact]
    public async Task A_pool_that_is_waiting_or_being_seeded_is_not_seeded_again_and_one_that_was_can_be()
    {
        var (first, second) = (SeedAsync("first", 1), SeedAsync("second", 1));

        Assert.False(await SeedAsync("first", 1));
        Assert.False(await SeedAsync("second", 1));

        end.SetResult(true);
        Assert.True(await first && await second);
        Assert.True(await SeedAsync("first", 1));
    }

    [Fact]
    public async Task A_seeding_that_fails_or_is_cancelled_passes_its_turn_on()
    {
        using var cancellation = new CancellationTokenSource();
        var first = SeedAsync("first", 1);
        var cancelled = turns.RunAsync(Pool("cancelled", 1), _ => Task.FromResult(true), cancellation.Token);
        var next = SeedAsync("next", 1);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        end.SetException(new InvalidOperationException());
        await Assert.ThrowsAsync<InvalidOperationException>(() => first);
        await Assert.ThrowsAsync<InvalidOperationException>(() => next);
        Assert.True(await turns.RunAsync(Pool("cancelled", 1), _ => Task.FromResult(true), CancellationToken.None));
    }

    [Fact]
    public async Task The_end_cancels_what_waits_and_waits_for_what_runs()
    {
        var running = turns.RunAsync(Pool("running", 1), stop => end.Task, CancellationToken.None);
        var waiting = SeedAsync("waiting", 1);

        var disposal = turns.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(disposal.IsCompleted);
        end.SetResult(true);
        Assert.True(await running);
        await disposal;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SeedAsync("late", 1));
    }

    private static PoolDefinition Pool(string name, int size) => new(name, new PoolRange(1, size));

    private Task<bool> SeedAsync(string name, int size) => turns.RunAsync(Pool(name, size), _ =>
    {
        lock (started)
            started.Add(name);
        return end.Task;
    }, CancellationToken.None);
}
