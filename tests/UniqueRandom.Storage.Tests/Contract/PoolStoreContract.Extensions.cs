using UniqueRandom.Codes;
using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Contract;

/// <summary>Which extensions of pools are recorded.</summary>
public abstract partial class PoolStoreContract
{
    [Fact] // 11
    public async Task A_key_extends_once()
    {
        await CreateAsync(Hundred);
        await CreateAsync(Hundred with { Name = "other" });
        await DrawAsync(new DrawRequest("hundred", Key: "k", Caller: "a"));
        var request = new ExtensionRequest("hundred", 200, Key: "k", Caller: "a");
        Assert.Equal(ExtensionOutcome.Recorded, await OutcomeAsync(request));
        Assert.Equal(ExtensionOutcome.Replayed, await OutcomeAsync(request));
        await Store.SeedAsync("hundred", null, CancellationToken);
        Assert.Equal(ExtensionOutcome.Replayed, await OutcomeAsync(request with { Order = PoolOrder.Stored }));
        Assert.Equal(ExtensionOutcome.KeyConflict, await OutcomeAsync(request with { Maximum = 201 }));
        Assert.Equal(ExtensionOutcome.KeyConflict, await OutcomeAsync(request with { Order = PoolOrder.Computed }));
        Assert.Equal(ExtensionOutcome.KeyConflict, await OutcomeAsync(request with { Pool = "other" }));
        Assert.Equal(ExtensionOutcome.KeyConflict, await OutcomeAsync(request with { Pool = "none" }));
        // Without a caller the key is another one.
        Assert.Equal(ExtensionOutcome.Recorded, await OutcomeAsync(new("hundred", 300, Key: "k")));
        await Store.SeedAsync("hundred", null, CancellationToken);
        await ReopenAsync();
        await Store.CloseAsync("hundred", CancellationToken);
        var (outcome, pool, _) = await Store.ExtendAsync(request, ThirdSeed, CancellationToken);
        Assert.Equal((ExtensionOutcome.Replayed, 300), (outcome, pool!.Definition.Range.Maximum));
        Assert.Equal(SecondSeed, pool.Extensions[0].Seed);
    }

    [Fact] // 7
    public async Task What_can_not_be_extended_stays_as_it_is()
    {
        Assert.Equal(ExtensionOutcome.NotFound, await OutcomeAsync(new("none", 200)));
        await Store.CreateAsync(new PoolDefinition("seeding", new PoolRange(1, 10)), Seeds.Counting, CancellationToken);
        Assert.Equal(ExtensionOutcome.Seeding, await OutcomeAsync(new("seeding", 200)));
        await CreateAsync(Hundred);
        var before = await FindAsync("hundred");
        foreach (var (maximum, order) in ((long, PoolOrder?)[])[
            (100, null), (99, null), (0, null), (long.MinValue, null), (long.MaxValue, null),
            (101L + Permutation.MaximumSize, null), (99L + ComputedPermutation.MinimumSize, PoolOrder.Computed)])
        {
            var (outcome, pool, reason) = await Store.ExtendAsync(new("hundred", maximum, order), SecondSeed, CancellationToken);
            Assert.Equal((ExtensionOutcome.Invalid, before), (outcome, pool));
            Assert.NotNull(reason);
        }

        await Store.ExtendAsync(new("hundred", 200), SecondSeed, CancellationToken);
        Assert.Equal(ExtensionOutcome.Pending, await OutcomeAsync(new("hundred", 300)));
        await Store.SeedAsync("hundred", null, CancellationToken);
        await Store.CloseAsync("hundred", CancellationToken);
        var closed = await FindAsync("hundred");
        Assert.Equal(ExtensionOutcome.Closed, await OutcomeAsync(new("hundred", 300)));
        Assert.Equal(closed, await FindAsync("hundred"));
    }

    [Fact]
    public async Task A_pool_has_at_most_as_many_numbers_as_a_computed_order_can_have()
    {
        await CreateAsync(new PoolDefinition("p", new PoolRange(-1, 0)));
        Assert.Equal(ExtensionOutcome.Invalid, await OutcomeAsync(new("p", long.MaxValue - 1, PoolOrder.Computed)));
        Assert.Equal(ExtensionOutcome.Recorded, await OutcomeAsync(new("p", long.MaxValue - 2, PoolOrder.Computed)));
        Assert.Equal(ExtensionOutcome.Invalid, await OutcomeAsync(new("p", long.MaxValue - 1)));
        var drawn = (await DrawAsync(new DrawRequest("p", 3))).Numbers.ToArray();
        using var further = new ComputedNumbers(new PoolRange(1, long.MaxValue - 2), SecondSeed);
        Assert.Equal([-1, 0], drawn[..2].Order());
        Assert.Equal(further.NumberAt(0), drawn[2]);
        await ReopenAsync();
        Assert.Equal(long.MaxValue - 3, (await FindAsync("p")).Remaining);
    }

    [Fact]
    public async Task A_pool_with_codes_has_no_number_without_a_code()
    {
        var code = new CodeFormat("digits", 3);
        await CreateAsync(new PoolDefinition("coded", new PoolRange(0, 99), PoolOrder.Stored, code));
        var (outcome, _, reason) = await Store.ExtendAsync(new("coded", 1000), SecondSeed, CancellationToken);
        Assert.Equal(ExtensionOutcome.Invalid, outcome);
        Assert.Contains("maximum must be at most 999, the last number with a code of the pool 'coded'.", reason);
        await ExtendAsync("coded", 999, SecondSeed);
        await ReopenAsync();
        var drawn = await DrawAsync(new DrawRequest("coded", 1000));
        Assert.Equal(Enumerable.Range(0, 1000).Select(number => (long)number), drawn.Numbers.ToArray().Order());
        Assert.Equal(code.ToString(), drawn.Pool!.Code!.ToString());
    }

    [Fact] // 1
    public async Task The_expected_range_is_that_of_the_first_segment()
    {
        await CreateAsync(Hundred);
        await ExtendAsync("hundred", 200, SecondSeed);
        await ReopenAsync(Hundred);
        await Store.DisposeAsync();
        opened.Add(CreateStore());
        await Assert.ThrowsAsync<StoreRefusedException>(() =>
            Store.OpenAsync(Hundred with { Range = new PoolRange(1, 200) }, CancellationToken).AsTask());
        await Store.OpenAsync(Hundred, CancellationToken);
        var again = await Store.CreateAsync(Hundred, ThirdSeed, CancellationToken);
        Assert.Equal((false, Hundred, 200), (again.IsNew, again.Pool.Created, again.Pool.Definition.Range.Maximum));
    }

    [Fact] // 2
    public async Task A_pool_has_a_limited_number_of_segments()
    {
        await CreateAsync(new PoolDefinition("p", new PoolRange(1, 1)));
        for (var maximum = 2; maximum <= ExtensionRequest.MaximumSegments; maximum++)
            await ExtendAsync("p", maximum, SecondSeed);
        var (outcome, _, reason) = await Store.ExtendAsync(
            new ExtensionRequest("p", 101, Key: "k"), ThirdSeed, CancellationToken);
        Assert.Equal(ExtensionOutcome.Invalid, outcome);
        Assert.Contains("has 100 segments, and can't have more", reason);
        await ReopenAsync();
        Assert.Equal(
            Enumerable.Range(1, 100).Select(number => (long)number),
            (await DrawAsync(new DrawRequest("p", 100))).Numbers.ToArray());
    }
}
