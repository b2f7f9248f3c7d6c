using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Storage.Postgres;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Storage.Tests.Postgres;

/// <summary>
/// Databases from before a pool was extended. Extended again, the pool would have the numbers that were handed out in another
/// order.
/// </summary>
public sealed class PostgresRestoredExtensionTests(PostgresServer server) : PostgresMarkTestBase(server)
{
    [Fact]
    public async Task A_pool_that_lacks_an_extension_that_was_drawn_from_is_closed()
    {
        await DrawBeyondAsync(drawn: 19_990);

        Assert.Contains("is 20 numbers behind", await RefusedAsync("a"));
        await using (var resumed = await OpenMarkedAsync("a", ResumeAfterRestore.Parse("")))
            await AssertClosedAsync(resumed);
        await using (var started = await OpenMarkedAsync("a"))
            await AssertClosedAsync(started);

        // The same copy again, after the mark was written anew.
        await Database.ExecuteAsync(
            "DELETE FROM uniquerandom.draw WHERE first >= 19990; UPDATE uniquerandom.pool SET state = 1, cursor = 19990");
        Assert.Contains("is 20 numbers behind", await RefusedAsync("a"));
        await using var again = await OpenMarkedAsync("a", ResumeAfterRestore.Parse(""));
        await AssertClosedAsync(again);
    }

    /// <summary>What it has handed out of the segment that is missing has no meaning any more.</summary>
    [Fact]
    public async Task Another_node_starts_when_the_pool_is_closed()
    {
        await DrawBeyondAsync(drawn: 19_990);
        File.Copy(MarkOf("a"), MarkOf("b"));
        await using (var resumed = await OpenMarkedAsync("a", ResumeAfterRestore.Parse("")))
            await AssertClosedAsync(resumed);
        await using var other = await OpenMarkedAsync("b");
        await AssertClosedAsync(other);
    }

    /// <summary>The mark is lost, and a new node knows what the operator says.</summary>
    [Theory]
    [InlineData(19_990, "p=20010")]
    [InlineData(19_990, "p=number:20001")]
    [InlineData(20_000, "p=20020")]
    [InlineData(20_000, "p=number:30000")]
    public async Task A_pool_whose_extension_the_operator_names_is_closed(int drawn, string resume)
    {
        await DrawBeyondAsync(drawn);

        await using (var resumed = await OpenMarkedAsync("new", ResumeAfterRestore.Parse(resume)))
            await AssertClosedAsync(resumed);
        // The switch has no effect any more, so that it can stay for a while.
        await using var again = await OpenMarkedAsync("new", ResumeAfterRestore.Parse(resume));
        await AssertClosedAsync(again);
    }

    /// <summary>Another node was faster than the one that knows what was drawn, and has extended the pool again.</summary>
    [Theory]
    [InlineData("p=30000", 30_000)]
    [InlineData("p=20011", 20_020)]
    public async Task The_operator_decides_whether_a_pool_was_extended_again(string resume, int least)
    {
        await DrawBeyondAsync(drawn: 20_000);
        await using (var other = await OpenMarkedAsync("b"))
        {
            await other.ExtendAsync(new("p", 30_000), Seed.Generate(), CancellationToken);
            await other.SeedAsync("p", null, CancellationToken);
            await other.DrawNumbersAsync(new("p", 10));
        }

        var refusal = await RefusedAsync("a", ResumeAfterRestore.Parse(""));
        Assert.Contains("The pool 'p' is behind numbers of an extension that were handed out.", refusal);
        Assert.Contains("--resume-after-restore p=30000. Otherwise use p=COUNT", refusal);
        await using var resumed = CreateStore("a", ResumeAfterRestore.Parse(resume));
        await resumed.OpenAsync(null, CancellationToken);
        Assert.InRange((await resumed.FindAsync("p", CancellationToken))!.Cursor, least, 30_000);
    }

    private static async Task AssertClosedAsync(PostgresPoolStore store)
    {
        var pool = await store.FindAsync("p", CancellationToken);
        Assert.Equal((PoolState.Closed, 20_000, 0), (pool!.State, pool.Cursor, pool.Remaining));
        var (outcome, _, _) = await store.ExtendAsync(new("p", 30_000), Seed.Generate(), CancellationToken);
        Assert.Equal(ExtensionOutcome.Closed, outcome);
    }

    /// <summary>Draws, extends and draws beyond the range, and makes the database as it was before the extension.</summary>
    private async Task DrawBeyondAsync(int drawn)
    {
        await using (var store = await OpenMarkedAsync("a"))
        {
            await DrawAsync(store, 10_000);
            await DrawAsync(store, drawn - 10_000);
        }

        await RestoreAfterAsync(async () =>
        {
            await using var store = await OpenMarkedAsync("a");
            await store.ExtendAsync(new("p", 30_000), Seed.Generate(), CancellationToken);
            await store.SeedAsync("p", null, CancellationToken);
            await DrawAsync(store, 20);
        });
        await Database.ExecuteAsync(
            "DELETE FROM uniquerandom.segment; UPDATE uniquerandom.pool SET maximum = 20000; "
            + "DELETE FROM uniquerandom.chunk WHERE number >= 3");
    }
}
