using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Postgres;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Permutations;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Storage.Tests.Postgres;

/// <summary>Databases and connection strings that the PostgreSQL store refuses.</summary>
public sealed class PostgresRefusalTests(PostgresServer server) : PostgresStoreTestBase(server)
{
    private static readonly PoolDefinition Pool = new("p", new PoolRange(1, 20_000));

    [Theory]
    [InlineData("off", "synchronous_commit is off", "set synchronous_commit = on")]
    public async Task A_database_whose_commits_do_not_wait_for_the_disk_is_refused(string value, params string[] expected)
    {
        await Database.ExecuteAsync($"ALTER DATABASE {Database.Name} SET synchronous_commit = {value}");
        await AssertRefusedAsync(expected);
    }

    [Fact]
    public async Task A_schema_of_another_program_is_refused()
    {
        await Database.ExecuteAsync("CREATE SCHEMA uniquerandom; CREATE TABLE uniquerandom.pool (id int)");
        await AssertRefusedAsync("belongs to another program");
    }

    [Theory]
    [InlineData(
        "UPDATE uniquerandom.chunk SET offsets = set_byte(offsets, 77, 255 - get_byte(offsets, 77)) WHERE number = 1",
        "Chunk 1 of the pool 'p' is damaged")]
    [InlineData("DELETE FROM uniquerandom.chunk WHERE number = 2", "Chunk 2 of the pool 'p' is damaged")]
    [InlineData("UPDATE uniquerandom.chunk SET number = 3 - number WHERE number IN (1, 2)", "Chunk 1 of the pool 'p' is damaged")]
    [InlineData(
        "UPDATE uniquerandom.pool SET cursor = cursor - 1",
        "its cursor says that 11 numbers are drawn, and its draw log says 12")]
    [InlineData("UPDATE uniquerandom.draw SET first = 8 WHERE first = 7", "gap or an overlap at position 7")]
    [InlineData("UPDATE uniquerandom.draw SET count = 6 WHERE first = 7", "its draw log says 13")]
    [InlineData("UPDATE uniquerandom.pool SET seed = set_byte(seed, 0, 255 - get_byte(seed, 0))", "its commitment does not fit")]
    [InlineData("UPDATE uniquerandom.pool SET minimum = 2", "its commitment does not fit")]
    [InlineData("UPDATE uniquerandom.pool SET state = 7", "its state 7 is unknown")]
    public async Task Damaged_data_is_refused(string damage, string expected)
    {
        await CreateAsync();
        // The primary key prevents swapping two chunks in one statement.
        await Database.ExecuteAsync("ALTER TABLE uniquerandom.chunk DROP CONSTRAINT chunk_pkey");
        await Database.ExecuteAsync(damage);
        await AssertRefusedAsync(expected);
    }

    [Fact]
    public async Task A_chunk_damaged_while_the_store_is_open_is_fatal_and_nothing_is_drawn()
    {
        await CreateAsync();
        await using var store = await OpenAsync();
        await Database.ExecuteAsync("UPDATE uniquerandom.chunk SET checksum = checksum # 1 WHERE number = 0");
        var error = await Assert.ThrowsAsync<StoreException>(
            () => store.CommitBatchAsync(new DrawRequest("p")));
        Assert.Equal(StoreFault.Fatal, error.Fault);
        Assert.Equal(12, await Database.ScalarAsync<long>("SELECT cursor FROM uniquerandom.pool"));
    }

    [Theory]
    [InlineData("Database=x", "names no host")]
    [InlineData("Host=a;Prot=1", "prot")]
    [InlineData("Host=a;Port=many", "can't be read")]
    [InlineData("Host=a;Password topsecret;Database=x", "a setting has no '='")]
    [InlineData("Host=a:99999", "whose port is not 1 to 65535")]
    [InlineData("Host=a;Port=65536", "Port=65536, which is not 1 to 65535")]
    [InlineData("Host=a,b;Target Session Attributes=standby", "draws need the primary")]
    public void An_invalid_connection_string_is_refused_and_not_repeated(string text, string expected)
    {
        var error = Assert.Throws<StoreRefusedException>(
            () =>
                new PostgresPoolStore(
                    new PostgresOptions { ConnectionString = $"{text};Password=topsecret" }, TimeProvider.System));
        Assert.Contains(expected, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("topsecret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreachable_server_is_a_transient_fault_named_in_one_line()
    {
        var options = new PostgresOptions { ConnectionString = "Host=127.0.0.1:1,127.0.0.1:2;Username=u;Password=topsecret" };
        await using var store = new PostgresPoolStore(options, TimeProvider.System);
        var error = await Assert.ThrowsAsync<StoreException>(() => store.OpenAsync(null, CancellationToken).AsTask());
        Assert.Equal((StoreFault.Unavailable, true), (error.Fault, error.IsTransient));
        Assert.Contains("127.0.0.1:1 (", error.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:2 (", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("topsecret", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    /// <summary>Creates a pool of three chunks with two draws.</summary>
    private async Task CreateAsync()
    {
        await using var store = await OpenAsync();
        await store.CreateAndSeedAsync(Pool, Seeds.Zero, null, CancellationToken);
        await store.CommitBatchAsync(new("p", 7, "a"), new DrawRequest("p", 5, "b"));
    }

    private async Task AssertRefusedAsync(params string[] expected)
    {
        var error = await Assert.ThrowsAsync<StoreRefusedException>(() => OpenAsync());
        Assert.All(expected, text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
    }
}
