using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Upgrades;

namespace UniqueRandom.Storage.Tests.Upgrades;

/// <summary>Opens the databases of all schema versions, and compares them with what their servers answered.</summary>
public sealed class UpgradeTests(PostgresServer server)
{
    public static TheoryData<string> All => [.. UpgradeFixture.All.Select(fixture => fixture.Name)];

    public static TheoryData<string> WithKeys =>
        [.. UpgradeFixture.All.Where(fixture => fixture.ReadAnswers().Keyed.Any()).Select(fixture => fixture.Name)];

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(All))]
    public async Task Pools_and_draws_are_as_they_were_answered(string name)
    {
        var fixture = new UpgradeFixture(name);
        var answers = fixture.ReadAnswers();
        await using var database = await RestoredDatabase.OfAsync(fixture, server);
        Assert.Equal(fixture.Version, await database.ReadVersionAsync());
        await using var store = await database.OpenAsync();

        Assert.Equal(
            answers.Pools.Select(pool => pool.Pool),
            await store.ListAllAsync(CancellationToken).Select(pool => pool.Definition.Name).ToListAsync(CancellationToken));
        foreach (var expected in answers.Pools)
        {
            var pool = (await store.FindAsync(expected.Pool, CancellationToken))!;
            Assert.Equal(expected, UpgradedPool.AnswerOf(pool, expected));
            await UpgradedPool.AssertLogAsync(store, pool, answers.DrawsOf(expected));
        }
    }

    [Theory]
    [MemberData(nameof(WithKeys))]
    public async Task Keys_return_the_numbers_that_were_answered(string name)
    {
        var fixture = new UpgradeFixture(name);
        var answers = fixture.ReadAnswers();
        await using var database = await RestoredDatabase.OfAsync(fixture, server);
        await using var store = await database.OpenAsync();

        foreach (var draw in answers.Keyed)
        {
            var outcomes = await store.CommitBatchAsync(
                new(draw.Pool, draw.Count, draw.Reference, draw.Key, draw.Caller),
                new DrawRequest(draw.Pool, draw.Count + 1, draw.Reference, draw.Key, draw.Caller));

            Assert.Equal((true, draw.First), (outcomes[0].IsReplayed, outcomes[0].Position));
            Assert.Equal(draw.Numbers, outcomes[0].Numbers.ToArray());
            Assert.Equal(DrawOutcomeKind.KeyConflict, outcomes[1].Kind);
        }

        foreach (var pool in answers.Pools)
            Assert.Equal(pool.Drawn, (await store.FindAsync(pool.Pool, CancellationToken))!.Cursor);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Draws_go_on_until_each_number_was_drawn_once(string name)
    {
        var fixture = new UpgradeFixture(name);
        var answers = fixture.ReadAnswers();
        await using var database = await RestoredDatabase.OfAsync(fixture, server);
        await using (var store = await database.OpenAsync())
        {
            foreach (var pool in answers.Pools)
                answers = answers.With(await UpgradedPool.DrawRestAsync(store, pool));
        }

        await using var reopened = await database.OpenAsync();
        foreach (var expected in answers.Pools)
        {
            var (pool, draws) = ((await reopened.FindAsync(expected.Pool, CancellationToken))!, answers.DrawsOf(expected));
            Assert.NotEqual(PoolState.Open, pool.State);
            Assert.Equal(expected.State == "closed", pool.State == PoolState.Closed);
            if (pool.State == PoolState.Exhausted)
                UpgradedPool.AssertEachNumberOnce(pool.Definition.Range, draws);
            await UpgradedPool.AssertLogAsync(reopened, pool, draws);
            UpgradedPool.AssertOrder(pool, expected, draws);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_upgraded_schema_equals_a_new_one(string name)
    {
        var fixture = new UpgradeFixture(name);
        await using var upgraded = await RestoredDatabase.OfAsync(fixture, server);
        await (await upgraded.OpenAsync()).DisposeAsync();
        await using var created = await RestoredDatabase.CreateAsync(fixture.IsSqlite, server);
        await (await created.OpenAsync()).DisposeAsync();

        Assert.Equal(upgraded.PresentVersion, await upgraded.ReadVersionAsync());
        Assert.Equal(await created.ReadSchemaAsync(), await upgraded.ReadSchemaAsync());
    }
}
