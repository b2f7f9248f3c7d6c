using Npgsql;
using UniqueRandom.Failover.Tests.Rounds;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Failover.Tests.Stores;

/// <summary>Primaries that must not be drawn from although their timeline does not show it.</summary>
[Collection(nameof(FailoverRounds))]
public sealed class PrimaryChoiceTests
{
    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(2, 1, 0)]
    public async Task Two_standbys_that_are_both_promoted_are_refused_until_one_is_down(params int[] order)
    {
        await using var first = await PostgresInstance.CreateAsync("n1");
        await using var second = await first.CloneAsync("n2");
        await using var third = await first.CloneAsync("n3");
        PostgresInstance[] servers = [first, second, third];
        int[] ports = [.. order.Select(server => servers[server].Port)];
        await using var node = await StoreNode.OpenAsync(ports);
        await node.CreateAsync("p");
        await node.DrawAsync("p", 5);
        await second.CatchUpAsync(first);
        await third.CatchUpAsync(first);

        await first.KillAsync();
        await second.PromoteAsync();
        await third.PromoteAsync();
        await node.AssertRefusesAsync("p", "are both primaries");
        await Assert.ThrowsAsync<StoreException>(() => StoreNode.OpenAsync(ports));
        Assert.Equal((5, 5), (await CursorAsync(second), await CursorAsync(third)));

        await third.KillAsync();
        Assert.Equal(5, (await node.DrawWithRetriesAsync("p")).Position);
    }

    [Fact]
    public async Task Two_addresses_of_one_primary_are_one_primary()
    {
        await using var server = await PostgresInstance.CreateAsync();
        using var proxy = new TcpProxy(server.Port);
        await using var node = await StoreNode.OpenAsync([server.Port, proxy.Port]);
        await node.CreateAsync("p");
        Assert.Equal(0, (await node.DrawAsync("p")).Position);
    }

    /// <summary>
    /// Without synchronous replication a failover loses commits. A node that resumes would hand out their numbers again.
    /// </summary>
    [Fact]
    public async Task A_standby_that_lacks_acknowledged_draws_is_refused_and_the_old_primary_is_drawn_from_when_it_is_back()
    {
        await using var first = await PostgresInstance.CreateAsync("n1");
        await using var second = await first.CloneAsync("n2");
        await using var node = await StoreNode.OpenAsync([first.Port, second.Port]);
        await node.CreateAsync("behind", "closed", "untouched");
        await node.DrawAsync("behind", 10);
        await node.DrawAsync("closed", 10);
        await node.DrawAsync("untouched");
        await second.CatchUpAsync(first);
        await second.KillAsync();
        await node.DrawAsync("behind", 5);
        await node.CreateAsync("missing");
        await node.DrawAsync("missing");
        await node.CloseAsync("closed");
        await first.KillAsync();
        await second.StartAsync();
        await second.PromoteAsync();

        var message = await node.AssertRefusesAsync(
            "untouched", "the pool 'behind' is 5 numbers behind (10 drawn instead of 15)");
        Assert.Contains("the pool 'closed' is not closed", message, StringComparison.Ordinal);
        Assert.Contains("the pool 'missing' is missing", message, StringComparison.Ordinal);
        Assert.DoesNotContain("untouched", message, StringComparison.Ordinal);
        Assert.Contains("--resume-after-restore", message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreException>(() => node.FindAsync("behind").AsTask());

        // A node that has acknowledged nothing learns of the loss from the server.
        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => StoreNode.OpenAsync([first.Port, second.Port]));
        Assert.Contains("the pool 'behind' is 5 numbers behind", refusal.Message, StringComparison.Ordinal);

        await second.KillAsync();
        await first.StartAsync();
        Assert.Equal(15, (await node.DrawWithRetriesAsync("behind")).Position);
    }

    /// <summary>The old primary stays up, so no broken connection ends the session of the node.</summary>
    [Fact]
    public async Task A_node_that_finds_a_newer_primary_draws_from_it_even_if_its_session_on_the_old_one_still_works()
    {
        await using var first = await PostgresInstance.CreateAsync("n1");
        await using var second = await first.CloneAsync("n2");
        await using var node = await StoreNode.OpenAsync([first.Port, second.Port]);
        await node.CreateAsync("p");
        await node.DrawAsync("p", 5);
        await second.CatchUpAsync(first);
        await second.PromoteAsync();
        await using var other = await StoreNode.OpenAsync([first.Port, second.Port]);
        Assert.Equal(5, (await other.DrawAsync("p", 2)).Position);

        await MakeSearchAsync(node, first);
        Assert.Equal(7, (await node.FindAsync("p"))!.Cursor);
        Assert.Equal(7, (await node.DrawWithRetriesAsync("p")).Position);
        Assert.Equal(5, await CursorAsync(first));
    }

    [Theory]
    [InlineData(false, "the pool 'p' is 5 numbers behind (5 drawn instead of 10)")]
    [InlineData(true, "the pool 'p' is not closed")]
    public async Task A_pool_that_was_reset_under_a_connected_node_cannot_be_drawn_from(bool isClosed, string reason)
    {
        await using var server = await PostgresInstance.CreateAsync();
        await using var node = await StoreNode.OpenAsync([server.Port]);
        await node.CreateAsync("p");
        await node.DrawAsync("p", 5);
        await node.DrawAsync("p", 5);
        if (isClosed)
            await node.CloseAsync("p");
        await server.ExecuteAsync(isClosed
            ? "UPDATE uniquerandom.pool SET state = 1"
            : "DELETE FROM uniquerandom.draw WHERE first = 5; UPDATE uniquerandom.pool SET cursor = 5");
        var error = await Assert.ThrowsAsync<StoreException>(() => node.DrawAsync("p"));
        Assert.Equal(StoreFault.Unavailable, error.Fault);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    /// <summary>Blocks a check of a node with a lock, so that the node searches for the primary again.</summary>
    private static async Task MakeSearchAsync(StoreNode node, PostgresInstance server)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var holder = new NpgsqlConnection(server.ConnectionString());
        await holder.OpenAsync(cancellationToken);
        await using var transaction = await holder.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT * FROM uniquerandom.version FOR UPDATE", holder);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await Assert.ThrowsAsync<StoreException>(() => node.CheckAsync().AsTask());
    }

    private static Task<long> CursorAsync(PostgresInstance server) =>
        server.ScalarAsync<long>("SELECT cursor FROM uniquerandom.pool WHERE name = 'p'");
}
