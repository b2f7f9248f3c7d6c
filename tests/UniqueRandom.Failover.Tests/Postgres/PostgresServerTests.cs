using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Failover.Tests.Postgres;

public sealed class PostgresServerTests(PostgresServer server)
{
    [Fact]
    public async Task Every_test_has_its_own_database_which_is_dropped_despite_connections()
    {
        await using var first = await server.CreateDatabaseAsync();
        await using var second = await server.CreateDatabaseAsync();
        await first.ExecuteAsync("CREATE TABLE t (i integer)");
        Assert.Equal(0L, await second.ScalarAsync<long>("SELECT count(*) FROM pg_tables WHERE tablename = 't'"));

        await using var connection = new Npgsql.NpgsqlConnection(first.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await first.DisposeAsync();
        Assert.Equal(0L, await second.ScalarAsync<long>($"SELECT count(*) FROM pg_database WHERE datname = '{first.Name}'"));
    }

    [Fact]
    public async Task The_shared_server_is_durable()
    {
        await using var database = await server.CreateDatabaseAsync();
        foreach (var setting in new[] { "fsync", "full_page_writes", "synchronous_commit" })
            Assert.Equal("on", await database.ScalarAsync<string>($"SELECT current_setting('{setting}')"));
    }
}
