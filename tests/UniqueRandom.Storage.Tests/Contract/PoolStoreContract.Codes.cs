using UniqueRandom.Codes;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Contract;

/// <summary>Pools whose numbers are written as codes.</summary>
public abstract partial class PoolStoreContract
{
    private static readonly CodeFormat Voucher = new("crockford32", 4, "XMAS-", group: 2, check: true);

    private static readonly PoolDefinition Vouchers =
        new("vouchers", new PoolRange(0, Voucher.MaximumNumber), PoolOrder.Computed, Voucher);

    [Fact] // 3
    public async Task A_pool_keeps_its_codes()
    {
        var (created, _) = await Store.CreateAsync(Vouchers, Seeds.Counting, CancellationToken);
        Assert.Equal(Vouchers, created.Definition);
        await ReopenAsync();
        Assert.Equal(Vouchers, (await FindAsync("vouchers"))?.Definition);
        var drawn = await DrawAsync(new DrawRequest("vouchers", 2, Key: "k"));
        Assert.Equal(Voucher, drawn.Pool?.Code);
        Assert.Equal(Voucher, (await CommitAsync([new DrawRequest("vouchers", 2, Key: "k")]))[0].Pool?.Code);
    }

    [Theory] // 3
    [InlineData("")]
    [InlineData("\"';--")]
    public async Task Pools_that_differ_in_their_codes_are_different(string prefix)
    {
        var custom = Vouchers with { Name = "custom", Code = new CodeFormat("!\"#$&'()", 7, prefix, group: 3) };
        var (created, _) = await Store.CreateAsync(custom, Seeds.Counting, CancellationToken);
        Assert.Equal(custom, created.Definition);
        foreach (var other in (CodeFormat?[])[null, new CodeFormat("!\"#$&'()", 7, prefix, group: 2), Voucher])
        {
            var (pool, isNew) = await Store.CreateAsync(custom with { Code = other }, Seeds.Zero, CancellationToken);
            Assert.Equal((custom, false), (pool.Definition, isNew));
        }

        await ReopenAsync();
        Assert.Equal(custom, (await FindAsync("custom"))?.Definition);
    }
}
