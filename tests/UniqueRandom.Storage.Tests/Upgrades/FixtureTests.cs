using UniqueRandom.Storage.Postgres;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Testing.Upgrades;

namespace UniqueRandom.Storage.Tests.Upgrades;

/// <summary>Requires a fixture for each schema version.</summary>
public sealed class FixtureTests
{
    [Theory]
    [InlineData(UpgradeFixture.Sqlite, "SQLite", SqliteSchema.Version)]
    [InlineData(UpgradeFixture.Postgres, "PostgreSQL", PostgresSchema.Version)]
    public void Each_version_of_a_schema_has_a_fixture(string store, string title, int present)
    {
        var names = UpgradeFixture.All.Select(fixture => fixture.Name).ToList();

        Assert.All(Enumerable.Range(1, present), version => Assert.True(
            names.Contains(UpgradeFixture.Of(store, version).Name),
            $"Version {version} of the schema of {title} has no fixture. Write it with the explicit test "
            + $"The_fixture_of_{title}_is_written of UniqueRandom.Server.Tests, and commit it."));
    }
}
