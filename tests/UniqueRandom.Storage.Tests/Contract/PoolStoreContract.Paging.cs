using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Tests.Contract;

/// <summary>Paging of the list of pools.</summary>
public abstract partial class PoolStoreContract
{
    [Theory]
    [InlineData(null, 1, "a")]
    [InlineData(null, 3, "a", "b", "c")]
    [InlineData(null, 4, "a", "b", "c")]
    [InlineData("a", 1, "b")]
    [InlineData("a", 9, "b", "c")]
    [InlineData("aa", 9, "b", "c")]
    [InlineData("c", 9)]
    [InlineData("-", 1, "a")]
    [InlineData("z", 1)]
    public async Task A_page_starts_after_a_name_and_has_at_most_limit_pools(
        string? after, int limit, params string[] expected)
    {
        foreach (var name in (string[])["b", "c", "a"])
            await CreateSingleNumberPoolAsync(name);

        Assert.Equal(expected, await PageAsync(after, limit));
        await ReopenAsync();
        Assert.Equal(expected, await PageAsync(after, limit));
    }

    [Fact]
    public async Task Pages_neither_repeat_nor_skip_a_pool_while_others_are_created()
    {
        var existing = Enumerable.Range(0, 40).Select(number => $"p{number:00}").ToArray();
        foreach (var name in existing)
            await CreateSingleNumberPoolAsync(name);

        var listed = new List<string>();
        for (string? after = null; ; after = listed[^1])
        {
            var page = await PageAsync(after, 7);
            listed.AddRange(page);
            if (page.Count < 7)
                break;
            // Before the page, on it, right after it, and at the end.
            foreach (var name in (string[])[$"a-{after}", $"{page[3]}-", $"{page[^1]}-", $"z-{after}"])
                await CreateSingleNumberPoolAsync(name);
        }

        Assert.Equal(listed.Distinct().Order(StringComparer.Ordinal), listed);
        Assert.Equal(existing, listed.Intersect(existing));
    }

    [Fact]
    public async Task A_limit_below_one_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.ListAsync(null, 0, CancellationToken).AsTask());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.ListAsync(null, -1, CancellationToken).AsTask());
    }

    protected async Task CreateSingleNumberPoolAsync(string name) =>
        await CreateAsync(new PoolDefinition(name, new PoolRange(1, 1)));

    private async Task<List<string>> ListNamesAsync() =>
        await Store.ListAllAsync(CancellationToken).Select(pool => pool.Definition.Name).ToListAsync(CancellationToken);

    private async Task<List<string>> PageAsync(string? after, int limit) =>
        [.. (await Store.ListAsync(after, limit, CancellationToken)).Select(pool => pool.Definition.Name)];
}
