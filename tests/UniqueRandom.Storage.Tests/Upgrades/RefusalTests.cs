using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Postgres;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Upgrades;

namespace UniqueRandom.Storage.Tests.Upgrades;

/// <summary>Databases that are refused instead of upgraded, and left as they were.</summary>
public sealed class RefusalTests(PostgresServer server)
{
    [Theory]
    [InlineData(UpgradeFixture.Sqlite, SqliteSchema.Version)]
    [InlineData(UpgradeFixture.Postgres, PostgresSchema.Version)]
    public async Task A_later_version_is_refused_by_name(string store, int present)
    {
        await using var database = await RestoredDatabase.OfAsync(UpgradeFixture.Of(store, present), server);
        await database.WriteVersionAsync(present + 1);

        Assert.Equal(
            $"{database.Description} has version {present + 1}, and this program reads versions up to "
            + $"{present}; use the program that wrote it.",
            await RefuseAsync(database));
    }

    [Fact]
    public async Task A_database_from_before_the_first_release_is_refused_by_name()
    {
        await using var database = await RestoredDatabase.OfAsync(new UpgradeFixture("sqlite-1-unmarked"), server);

        Assert.Equal(
            $"{database.Description} does not record whether it was closed, because it is from before the first release; "
            + "use the program that wrote it.",
            await RefuseAsync(database));
    }

    [Theory]
    [MemberData(nameof(UpgradeTests.All), MemberType = typeof(UpgradeTests))]
    public async Task A_database_with_an_unexpected_range_is_not_upgraded(string name)
    {
        await using var database = await RestoredDatabase.OfAsync(new UpgradeFixture(name), server);

        Assert.Contains("1..7 is configured", await RefuseAsync(database, new PoolDefinition("default", new PoolRange(1, 7))));
    }

    [Fact]
    public async Task A_running_node_draws_on_and_is_refused_when_it_starts_again()
    {
        await using var database = await RestoredDatabase.OfAsync(
            UpgradeFixture.Of(UpgradeFixture.Postgres, PostgresSchema.Version), server);
        await using var node = await database.OpenAsync();
        await node.CommitBatchAsync(new DrawRequest("default"));
        await database.WriteVersionAsync(PostgresSchema.Version + 1);

        Assert.Equal(DrawOutcomeKind.Drawn, (await node.CommitBatchAsync(new DrawRequest("default")))[0].Kind);
        await RefuseAsync(database);
    }

    /// <summary>Verifies that the store is refused and nothing changed, and returns the message.</summary>
    private static async Task<string> RefuseAsync(RestoredDatabase database, PoolDefinition? expected = null)
    {
        var before = await database.ReadContentAsync();
        await using var store = database.CreateStore();
        var error = await Assert.ThrowsAsync<StoreRefusedException>(
            () => store.OpenAsync(expected, TestContext.Current.CancellationToken).AsTask());
        Assert.Equal(before, await database.ReadContentAsync());
        return error.Message;
    }
}
