using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Upgrades;

/// <summary>A PostgreSQL database of a later version. <c>BadDatabaseTests</c> has one of SQLite.</summary>
public sealed class LaterVersionTests(PostgresServer postgres)
{
    [Fact]
    public async Task A_later_version_is_refused()
    {
        using var directory = new TemporaryDirectory();
        await using var database = await postgres.CreateDatabaseAsync();
        await using (var server = await ServerProcess.StartAsync(directory, [.. database.Switches, "--maximum", "10"]))
            Assert.Equal(0, await server.StopAsync());
        var later = 1 + await database.ScalarAsync<int>("SELECT number FROM uniquerandom.version");
        await database.ExecuteAsync($"UPDATE uniquerandom.version SET number = {later}");

        await BadStart.RefusedAsync(
            directory, $"has version {later}, and this program reads versions up to {later - 1}; use the program that wrote it.",
            [.. database.Switches, "--maximum", "10"]);
    }
}
