using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Tests.Contract;

public sealed class SeedingTurnsTests : IAsyncLifetime
{
    private readonly SeedingTurns turns = new();
    private readonly TaskCompletionSource<bool> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> started = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => turns.DisposeAsync();

    [Fact]
    public async Task One_large_and_one_small_pool_are_seeded_at_a_time_in_order_of_arrival()
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

        completion.SetResult(true);
        await Task.WhenAll(seedings);

        Assert.Equal(["large1", "large2", "large3"], started.Where(name => name.StartsWith('l')));
        Assert.Equal(["small1", "small2"], started.Where(name => name.StartsWith('s')));
    }

    [Fact]
    public async Task A_pool_is_not_seeded_twice_at_the_same_time()
    {
        var (first, second) = (SeedAsync("first", 1), SeedAsync("second", 1));

        Assert.False(await SeedAsync("first", 1));
        Assert.False(await SeedAsync("second", 1));

        completion.SetResult(true);
        Assert.True(await first && await second);
        Assert.True(await SeedAsync("first", 1));
    }

    [Fact]
    public async Task A_failed_or_canceled_seeding_frees_its_turn()
    {
        using var cancellation = new CancellationTokenSource();
        var first = SeedAsync("first", 1);
        var canceled = turns.RunAsync(Pool("canceled", 1), _ => Task.FromResult(true), cancellation.Token);
        var next = SeedAsync("next", 1);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled);
        completion.SetException(new InvalidOperationException());
        await Assert.ThrowsAsync<InvalidOperationException>(() => first);
        await Assert.ThrowsAsync<InvalidOperationException>(() => next);
        Assert.True(await turns.RunAsync(Pool("canceled", 1), _ => Task.FromResult(true), CancellationToken.None));
    }

    [Fact]
    public async Task Disposal_cancels_waiting_seedings_and_waits_for_running_ones()
    {
        var running = turns.RunAsync(Pool("running", 1), stop => completion.Task, CancellationToken.None);
        var waiting = SeedAsync("waiting", 1);

        var disposal = turns.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(disposal.IsCompleted);
        completion.SetResult(true);
        Assert.True(await running);
        await disposal;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SeedAsync("late", 1));
    }

    private static PoolDefinition Pool(string name, int size) => new(name, new PoolRange(1, size));

    private Task<bool> SeedAsync(string name, int size) => turns.RunAsync(Pool(name, size), _ =>
    {
        lock (started)
            started.Add(name);
        return completion.Task;
    }, CancellationToken.None);
}
