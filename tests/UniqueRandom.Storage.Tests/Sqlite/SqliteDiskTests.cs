using UniqueRandom.Pools;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Sqlite;

/// <summary>Creation of pools on a disk that is too small for them.</summary>
public sealed class SqliteDiskTests : IAsyncLifetime
{
    private SmallFileSystem disk = null!;
    private SqlitePoolStore store = null!;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        disk = await SmallFileSystem.MountAsync(mebibytes: 24);
        store = new SqlitePoolStore(disk.Database, TimeProvider.System);
        await store.OpenAsync(null, CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (store is not null)
            await store.DisposeAsync();
        if (disk is not null)
            await disk.DisposeAsync();
    }

    [Fact]
    public async Task A_pool_that_does_not_fit_the_disk_is_refused_and_not_recorded()
    {
        var error = await Assert.ThrowsAsync<InsufficientDiskException>(() => CreateAsync("large", 10_000_000));

        Assert.StartsWith(
            "Storing 10,000,000 numbers takes 44 MiB of disk, and 23 MiB are free;", error.Message, StringComparison.Ordinal);
        Assert.Empty(await store.ListAllAsync(CancellationToken).ToListAsync(CancellationToken));
        Assert.Null(await store.SeedAsync("large", null, CancellationToken));
    }

    [Fact]
    public async Task Recorded_pools_reserve_disk_space_until_they_are_stored()
    {
        Assert.True((await CreateAsync("first", 3_000_000)).IsNew);

        var error = await Assert.ThrowsAsync<InsufficientDiskException>(() => CreateAsync("second", 2_000_000));

        Assert.Contains(
            "25 MiB of disk, 12 MiB of them for pools that are not stored yet", error.Message, StringComparison.Ordinal);
        Assert.False((await CreateAsync("first", 3_000_000)).IsNew);
        Assert.True((await CreateAsync("small", 1000)).IsNew);
        Assert.NotNull(await store.SeedAsync("first", null, CancellationToken));
        Assert.NotNull(await store.SeedAsync("small", null, CancellationToken));
        Assert.Equal(2, await store.ListAllAsync(CancellationToken).CountAsync(CancellationToken));
    }

    /// <summary>If the estimate were too low, the seeding would fill the disk.</summary>
    [Fact]
    public async Task The_largest_pool_that_is_accepted_can_be_stored()
    {
        var size = 6_000_000;
        while (!await TryCreateAsync("largest", size))
            size -= 10_000;

        Assert.Equal(PoolState.Open, (await store.SeedAsync("largest", null, CancellationToken))!.State);
        await Assert.ThrowsAsync<InsufficientDiskException>(() => CreateAsync("another", 2_000_000));
        TestContext.Current.TestOutputHelper!.WriteLine($"{size} numbers, {new FileInfo(disk.Database).Length} bytes");
    }

    private async Task<bool> TryCreateAsync(string name, int size)
    {
        try
        {
            return (await CreateAsync(name, size)).IsNew;
        }
        catch (InsufficientDiskException)
        {
            return false;
        }
    }

    private Task<PoolCreation> CreateAsync(string name, int size) =>
        store.CreateAsync(new PoolDefinition(name, new PoolRange(1, size)), Seeds.Zero, CancellationToken).AsTask();
}
