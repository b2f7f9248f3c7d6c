using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Permutations;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Storage.Tests.Postgres;

public sealed class PostgresFullDiskTests(PostgresServer server) : PostgresStoreTestBase(server)
{
    /// <summary>Npgsql closes the connection of a statement that found the disk full.</summary>
    [Fact]
    public async Task The_next_draw_that_has_room_succeeds()
    {
        var store = await OpenAsync();
        var pool = new PoolDefinition("p", new PoolRange(1, 10));
        await store.CreateAndSeedAsync(pool, Seeds.Zero, null, CancellationToken);
        await Database.ExecuteAsync("""
            CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$;
            CREATE TRIGGER full_disk BEFORE INSERT ON uniquerandom.draw FOR EACH ROW
                WHEN (NEW.reference = 'large') EXECUTE FUNCTION full_disk();
            """);
        await store.CommitBatchAsync(new DrawRequest("p"));

        var large = new DrawRequest("p", Reference: "large");
        var error = await Assert.ThrowsAsync<StoreException>(() => store.CommitBatchAsync(large));
        Assert.Equal(StoreFault.Unavailable, error.Fault);
        Assert.Contains("No space left on device", error.Message);
        Assert.Equal(1, (await store.CommitBatchAsync(new DrawRequest("p")))[0].Position);
    }
}
