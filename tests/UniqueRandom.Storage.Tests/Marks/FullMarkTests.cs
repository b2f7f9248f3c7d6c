using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Marks;

/// <summary>A mark that must grow on a full disk, which is not that of the database.</summary>
public sealed class FullMarkTests : IAsyncLifetime
{
    /// <summary>How many pools the first block of a mark has room for.</summary>
    private const int Pools = 63;

    private readonly TemporaryDirectory directory = new();
    private SmallFileSystem disk = null!;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    private string Mark => disk.Database + ".mark";

    public async ValueTask InitializeAsync() => disk = await SmallFileSystem.MountAsync(mebibytes: 1);

    public async ValueTask DisposeAsync()
    {
        if (disk is not null)
            await disk.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task A_pool_without_room_in_the_mark_is_refused_and_not_recorded()
    {
        await using var store = new SqlitePoolStore(directory.Database, TimeProvider.System, new MarkOptions { Path = Mark });
        await store.OpenAsync(null, CancellationToken);
        for (var i = 0; i < Pools; i++)
            Assert.True((await CreateAsync(store, $"pool-{i}")).IsNew);
        disk.Fill();

        var error = await Assert.ThrowsAsync<InsufficientDiskException>(() => CreateAsync(store, "another"));

        Assert.Equal($"The disk of the mark '{Mark}' is full; make room.", error.Message);
        Assert.Null(await store.FindAsync("another", CancellationToken));
        await store.CheckAsync(CancellationToken);
        disk.MakeRoom();
        Assert.True((await CreateAsync(store, "another")).IsNew);
    }

    [Fact]
    public void A_mark_that_could_not_grow_can_be_used_and_opened()
    {
        var file = MarkFile.Create(Mark, Guid.NewGuid(), Enumerable.Range(0, Pools).Select(Slot));
        using (var mark = new HighWaterMark(file, TimeProvider.System))
        {
            disk.Fill();
            Assert.Throws<InsufficientDiskException>(mark.MakeRoom);
            var fault = Assert.Throws<StoreException>(() => mark.Add(Slot(Pools).Key, 10, 0)).Fault;
            Assert.Equal(StoreFault.Unavailable, fault);
            mark.Acknowledge(mark.Add(Slot(0).Key, 10, 5), 6);
        }

        using var opened = MarkFile.Open(Mark)!;
        Assert.Equal(Pools, opened.Pools.Count);
        Assert.Equal(6, opened.Read(0).Exact);
    }

    private static (MarkKey Key, long Cursor) Slot(int number) =>
        (new MarkKey(Commitment.To(Seeds.Number(number), new PoolRange(1, 10)), $"pool-{number}"), 5);

    private static Task<PoolCreation> CreateAsync(SqlitePoolStore store, string name) =>
        store.CreateAsync(new PoolDefinition(name, new PoolRange(1, 10)), Seed.Generate(), CancellationToken).AsTask();
}
