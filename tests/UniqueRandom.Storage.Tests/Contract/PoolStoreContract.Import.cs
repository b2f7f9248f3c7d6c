using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Audit;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Contract;

/// <summary>Pools with numbers that were handed out elsewhere.</summary>
public abstract partial class PoolStoreContract
{
    private static readonly PoolDefinition Shifted = new("shifted", new PoolRange(-1000, 18_999));

    private static readonly PoolDefinition FourMillions = new("import", new PoolRange(1, 4_000_000));

    [Fact] // 2, 8, 13
    public async Task Imported_numbers_are_drawn_when_they_are_stored_and_the_pool_is_seeded_afterwards()
    {
        var (pool, isNew) = await ImportAsync(Hundred, [42, 7, 100], "importer");
        var list = SampleLog.ListOf(Hundred.Range, 7, 42, 100);
        Assert.True(isNew);
        Assert.Equal((Hundred, list, PoolState.Seeding, 0), (pool.Definition, pool.Imported, pool.State, pool.Cursor));
        Assert.Equal(Commitment.To(Seeds.Counting, Hundred.Range, PoolOrder.Stored, list), pool.Commitment);
        Assert.Equal(DrawOutcomeKind.PoolSeeding, (await DrawAsync(new DrawRequest("hundred"))).Kind);
        Assert.Empty(await Store.ReadLogAsync("hundred", 0, 10, CancellationToken));
        Assert.Null(await Store.FindPositionAsync("hundred", 7, CancellationToken));

        var importedAt = Time.GetUtcNow();
        Time.Advance(TimeSpan.FromHours(1));
        await ReopenAsync(Hundred);
        Assert.Equal(pool, await FindAsync("hundred"));
        var seeded = await Store.SeedAsync("hundred", null, CancellationToken);
        Assert.Equal((PoolState.Open, 3, 97, null), (seeded!.State, seeded.Cursor, seeded.Remaining, seeded.Seed));
        Assert.Equal(list, seeded.Imported);
        await ReopenAsync(Hundred);
        Assert.Equal(seeded, await FindAsync("hundred"));
        Assert.Equal(
            new DrawLogRow(0, 3, importedAt, Reference.Imported, null, "importer"),
            Assert.Single(await Store.ReadLogAsync("hundred", 0, 10, CancellationToken)));
        Assert.Equal(1, await Store.FindPositionAsync("hundred", 42, CancellationToken));
        Assert.Equal(3, (await DrawAsync(new DrawRequest("hundred"))).Position);
        Assert.Equal(2, (await Store.ReadLogAsync("hundred", 0, 10, CancellationToken)).Count);
    }

    [Theory] // 6
    [InlineData(1)]
    [InlineData(8191)]
    [InlineData(8192)]
    [InlineData(8193)]
    [InlineData(16_384)]
    [InlineData(19_999)]
    public async Task The_other_numbers_are_shuffled_behind_the_imported_ones(int count)
    {
        var imported = Enumerable.Range(0, 20_000).Select(offset => (long)(7919 * offset % 20_000) - 1000).Take(count).ToArray();
        await ImportAndSeedAsync(Shifted, imported);
        await ReopenAsync();
        await Store.VerifyAsync(everything: true, null, CancellationToken);
        var drawn = new long[count];
        await Store.ReadNumbersAsync("shifted", 0, drawn, CancellationToken);
        Assert.Equal(imported.Order(), drawn);

        var rest = new List<long>();
        for (var left = 20_000 - count; left > 0; left -= 10_000)
            rest.AddRange((await CommitAsync([new("shifted", Math.Min(left, 10_000), "rest")]))[0].Numbers.ToArray());
        Assert.Equal(SampleLog.Numbers(Seeds.Counting, Shifted.Range, imported), drawn.Concat(rest));
        var ended = await FindAsync("shifted");
        Assert.Equal((PoolState.Exhausted, Seeds.Counting), (ended.State, ended.Seed));
    }

    [Fact] // 13
    public async Task A_pool_whose_numbers_are_all_imported_is_exhausted_at_once()
    {
        var pool = await ImportAndSeedAsync(Hundred, [.. Enumerable.Range(1, 100).Select(number => (long)number)]);
        Assert.Equal((PoolState.Exhausted, 100, Seeds.Counting), (pool.State, pool.Cursor, pool.Seed));
        Assert.Equal(DrawOutcomeKind.Exhausted, (await DrawAsync(new DrawRequest("hundred"))).Kind);
        await ReopenAsync(Hundred);
        await Store.VerifyAsync(everything: true, null, CancellationToken);
    }

    [Fact] // 3
    public async Task Importing_again_changes_nothing()
    {
        var (created, _) = await ImportAsync(Hundred, [1, 2, 3]);
        Assert.Equal(new PoolCreation(created, IsNew: false), await ImportAsync(Hundred, [3, 2, 1]));
        var seeded = await Store.SeedAsync("hundred", null, CancellationToken);
        Assert.Equal(new PoolCreation(seeded!, IsNew: false), await ImportAsync(Hundred, [3, 2, 1]));
        Assert.Equal(new PoolCreation(seeded!, IsNew: false), await ImportAsync(Hundred, [4]));
        Assert.Equal(
            new PoolCreation(seeded!, IsNew: false), await Store.CreateAsync(Hundred, Seeds.Zero, CancellationToken));

        var plain = await CreateAsync(Million);
        Assert.Equal(new PoolCreation(plain, IsNew: false), await ImportAsync(Million, [4]));
    }

    [Fact] // 2
    public async Task Of_imports_at_the_same_time_one_is_recorded_and_the_others_find_all_of_it()
    {
        var imported = Enumerable.Range(1, 300_000).Select(number => (long)number).ToArray();
        var creations = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => ImportAsync(Million, imported))));
        Assert.Single(creations, creation => creation.IsNew);
        Assert.Single(creations.DistinctBy(creation => creation.Pool));
        Assert.Equal(300_000, (await Store.SeedAsync("million", null, CancellationToken))!.Cursor);
    }

    [Fact] // 2
    public async Task Nothing_is_left_of_a_canceled_import()
    {
        await CreateAsync(Hundred);
        using var cancellation = new CancellationTokenSource();
        var import = await BeginLongImportAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => import);
        Assert.Equal(["hundred"], await ListNamesAsync());
        Assert.True((await ImportAsync(FourMillions, EvenNumbers(2_000_000))).IsNew);
        Assert.Equal(2_000_000, (await Store.SeedAsync("import", null, CancellationToken))!.Cursor);
    }

    [Fact] // 2
    public async Task Nothing_is_left_of_an_import_when_the_store_ends()
    {
        var import = await BeginLongImportAsync(CancellationToken);
        await ReopenAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => import);
        Assert.Null(await Store.SeedAsync("import", null, CancellationToken));
        Assert.Null(await Store.FindAsync("import", CancellationToken));
        Assert.True((await ImportAsync(FourMillions, EvenNumbers(2_000_000))).IsNew);
    }

    [Fact] // 2
    public async Task The_seeding_of_imported_numbers_continues_after_an_interruption()
    {
        long[] imported = [.. Enumerable.Range(1, 300_001).Select(number => number - 400_000L)];
        await ImportAsync(Million, imported);
        await InterruptSeedingAsync("million", at: 500_000);
        var seeded = await Store.SeedAsync("million", null, CancellationToken);
        Assert.Equal((PoolState.Open, 300_001), (seeded!.State, seeded.Cursor));
        await Store.VerifyAsync(everything: true, null, CancellationToken);
    }

    /// <summary>Begins to import 8,000,000 numbers, and waits until a part of them is stored.</summary>
    private async Task<Task<PoolCreation>> BeginLongImportAsync(CancellationToken cancellationToken)
    {
        var numbers = EvenNumbers(8_000_000);
        var definition = FourMillions with { Range = new PoolRange(1, 16_000_000) };
        var import = Task.Run(() => Store.ImportAsync(definition, numbers, null, cancellationToken), CancellationToken);
        while (await Store.FindAsync("import", CancellationToken) is not { Seeded: > 0 })
            await Task.Yield();
        return import;
    }

    private static long[] EvenNumbers(int count) => [.. Enumerable.Range(1, count).Select(number => 2L * number)];

    private Task<PoolCreation> ImportAsync(PoolDefinition definition, long[] numbers, string? caller = null) =>
        Store.ImportAsync(definition, numbers, caller, CancellationToken);

    private async Task<Pool> ImportAndSeedAsync(PoolDefinition definition, long[] numbers)
    {
        await ImportAsync(definition, numbers);
        return (await Store.SeedAsync(definition.Name, null, CancellationToken))!;
    }

    /// <summary>Disposes the store during a seeding, and opens a new store.</summary>
    private async Task InterruptSeedingAsync(string name, int at)
    {
        var (store, end) = (Store, (Task?)null);
        var progress = new SynchronousProgress(value => end ??= value >= at ? store.DisposeAsync().AsTask() : null);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => store.SeedAsync(name, progress, CancellationToken).AsTask());
        await end!;
        await ReopenAsync();
    }
}
