using UniqueRandom.Failover.Tests.Rounds;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Failover.Tests.Losses;

/// <summary>Two nodes on an empty database, one of which creates the pool.</summary>
[Collection(nameof(FailoverRounds))]
public sealed class FirstStartTests(PostgresServer server) : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task When_two_nodes_start_at_the_same_time_one_seeds_the_pool_and_both_serve_it()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var one = Launch(database, maximum: 100_000);
        await using var other = Launch(database, maximum: 100_000);
        await Task.WhenAll(one.LineAsync("Serving pool"), other.LineAsync("Serving pool"));
        Assert.Single(one.Output.Concat(other.Output), line => line.Contains("Seeded pool", StringComparison.Ordinal));
        Assert.Equal((1, 13), await CountAsync(database));

        var numbers = new HashSet<long>();
        foreach (var node in (ServerProcess[])[one, other, one, other])
        {
            using var client = await DrawClient.ConnectAsync(AddressOf(await node.LineAsync("Serving pool")));
            for (var draw = 0; draw < 50; draw++)
                Assert.True(numbers.Add(await client.DrawNumberAsync()));
        }

        Assert.Equal(0, await one.StopAsync());
        Assert.Equal(0, await other.StopAsync());
        Assert.Equal(200, await database.ScalarAsync<long>("SELECT cursor FROM uniquerandom.pool"));
    }

    [Fact]
    public async Task A_seeding_whose_node_was_killed_is_completed_by_the_other_node_with_the_same_commitment()
    {
        const int Maximum = 20_000_000;
        await using var database = await server.CreateDatabaseAsync();
        await using var one = Launch(database, Maximum);
        await one.LineAsync("25 %");
        // So that it can't be ready before the other node has started.
        await one.FreezeAsync();
        await using var other = Launch(database, Maximum);
        await other.LineAsync("Another node is seeding");
        await one.KillAsync();
        Assert.DoesNotContain(one.Output, line => line.Contains("Seeded pool", StringComparison.Ordinal));
        var (_, chunks) = await CountAsync(database);
        var commitment = Convert.ToHexStringLower(
            (await database.ScalarAsync<byte[]>("SELECT commitment FROM uniquerandom.pool"))!);

        await other.LineAsync("Serving pool");
        Assert.Contains(
            commitment, Assert.Single(other.Output, line => line.Contains("Seeded pool", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        Assert.InRange(chunks, 1, Maximum / 8192);
        Assert.Equal((1, 1 + Maximum / 8192), await CountAsync(database));
        Assert.Equal(1, await database.ScalarAsync<short>("SELECT state FROM uniquerandom.pool"));
        Assert.Equal(0, await other.StopAsync());
    }

    private static Uri AddressOf(string serving) => new(serving[serving.IndexOf("http://", StringComparison.Ordinal)..]);

    private static async Task<(long Pools, long Chunks)> CountAsync(TestDatabase database) =>
        (await database.ScalarAsync<long>("SELECT count(*) FROM uniquerandom.pool"),
         await database.ScalarAsync<long>("SELECT count(*) FROM uniquerandom.chunk"));

    private ServerProcess Launch(TestDatabase database, int maximum) =>
        ServerProcess.Launch(directory, [.. database.Switches, "--maximum", $"{maximum}"]);
}
