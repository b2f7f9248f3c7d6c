using System.Text.Json;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using UniqueRandom.Draws;
using UniqueRandom.Metrics;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Server.Events;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Testing.Files;

namespace UniqueRandom.Server.Tests.Events;

/// <summary>The feed of all viewers, with a clock of the test.</summary>
public sealed class PoolFeedTests : IAsyncLifetime
{
    private static readonly TimeSpan Reading = TimeSpan.FromMilliseconds(250);

    private readonly TemporaryDirectory directory = new();
    private readonly FakeTimeProvider time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly ApplicationLifetime lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly DrawActivity activity;
    private readonly SqlitePoolStore store;
    private readonly PoolFeed feed;

    public PoolFeedTests()
    {
        activity = new DrawActivity(time);
        store = new SqlitePoolStore(directory.Database, time);
        feed = new PoolFeed(store, activity, time, lifetime, NullLogger<PoolFeed>.Instance);
    }

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await store.OpenAsync(null, CancellationToken);
        await store.CreateAsync(new PoolDefinition("p", new PoolRange(1, 1000)), Seed.Generate(), CancellationToken);
        await store.SeedAsync("p", null, CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        lifetime.StopApplication();
        await store.DisposeAsync();
        activity.Dispose();
        directory.Dispose();
    }

    [Fact]
    public async Task A_message_is_written_once_for_all_viewers()
    {
        await using var one = Watch();
        await using var other = Watch();
        var (first, same) = (await NextAsync(one), await NextAsync(other));
        Assert.Same(first, same);

        await DrawAsync();
        var (next, otherNext) = (NextAsync(one), NextAsync(other));
        time.Advance(Reading);

        Assert.Same(await next, await otherNext);
    }

    [Fact]
    public async Task A_slow_viewer_gets_the_newest_state_and_no_backlog()
    {
        await using var slow = Watch();
        await using var quick = Watch();
        await NextAsync(slow);
        await NextAsync(quick);
        for (var i = 0; i < 5; i++)
        {
            await DrawAsync();
            var next = NextAsync(quick);
            time.Advance(Reading);
            await next;
        }

        Assert.Contains("""
            "drawn":{"p":5}
            """, Text(await NextAsync(slow)), StringComparison.Ordinal);
        await DrawAsync();
        var last = NextAsync(slow);
        time.Advance(Reading);
        Assert.Contains("""
            "drawn":{"p":6}
            """, Text(await last), StringComparison.Ordinal);
    }

    [Fact]
    public void The_progress_of_many_pools_is_told_in_several_messages_and_each_once()
    {
        var changes = Enumerable.Range(0, 2500)
            .Select(i => new PoolDefinition($"p{i:0000}", new PoolRange(1, 10)))
            .Select((pool, i) => new Pool(pool, PoolState.Open, i % 10, new Commitment(new byte[32]), time.GetUtcNow()))
            .Select(pool => (pool, false))
            .ToList();

        var messages = FeedMessages.Write(isComplete: false, changes, activity, time.GetUtcNow());

        Assert.Equal(3, messages.Count);
        Assert.Equal(
            changes.Select(change => (change.pool.Definition.Name, change.pool.Cursor)),
            messages.SelectMany(message => JsonElement.Parse(message).GetProperty("drawn").EnumerateObject())
                .Select(member => (member.Name, member.Value.GetInt64())));
    }

    [Fact]
    public async Task Without_changes_a_viewer_gets_a_heartbeat_after_15_seconds()
    {
        await using var viewer = Watch();
        await NextAsync(viewer);
        var next = NextAsync(viewer);

        time.Advance(TimeSpan.FromSeconds(14.9));
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Empty(await next);
    }

    [Fact]
    public async Task What_happens_while_nobody_looks_is_in_the_first_message_of_the_next_viewer()
    {
        await using (var viewer = Watch())
            await NextAsync(viewer);
        time.Advance(Reading);
        await DrawAsync();

        await using var later = Watch();

        // The reading of the first viewer may still be there.
        var message = Text(await NextAsync(later));
        if (!message.Contains("\"drawn\":1,", StringComparison.Ordinal))
        {
            var next = NextAsync(later);
            time.Advance(Reading);
            message = Text(await next);
        }

        Assert.Matches("\"drawn\":(1,|\\{\"p\":1\\})", message);
    }

    [Fact]
    public async Task A_stop_ends_the_messages()
    {
        await using var viewer = Watch();
        await NextAsync(viewer);
        var next = viewer.MoveNextAsync();

        lifetime.StopApplication();

        Assert.False(await next);
    }

    private static string Text(byte[] message) => System.Text.Encoding.UTF8.GetString(message);

    private static async Task<byte[]> NextAsync(IAsyncEnumerator<byte[]> viewer)
    {
        Assert.True(await viewer.MoveNextAsync());
        return viewer.Current;
    }

    private IAsyncEnumerator<byte[]> Watch() => feed.WatchAsync(CancellationToken).GetAsyncEnumerator(CancellationToken);

    private async Task DrawAsync()
    {
        var outcomes = new DrawOutcome[1];
        await store.CommitAsync(new[] { new DrawRequest("p") }, outcomes);
        Assert.Equal(DrawOutcomeKind.Drawn, outcomes[0].Kind);
    }
}
