using System.Text.Json;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Pools;

/// <summary>Paging of GET /pools with more pools than a page contains.</summary>
public sealed class PoolPageTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Thousands_of_pools_are_listed_once_each_while_others_are_created()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "3");
        var client = server.Client;
        var names = Enumerable.Range(0, 2500).Select(number => $"p{number:0000}").ToArray();
        await Parallel.ForEachAsync(names, TestContext.Current.CancellationToken, async (name, _) =>
            (await client.CreatePoolAsync(name, 1, 2)).Expect(201));

        var first = await PageAsync(client, "/pools");
        Assert.Equal(["default", .. names[..999]], first.Names);
        Assert.Equal("p0998", first.Next);

        foreach (var name in (string[])["a-new", "p0998-new", "p0999-new", "z-new"])
            (await client.CreatePoolAsync(name, 1, 2)).Success(201);
        var second = await PageAsync(client, $"/pools?after={first.Next}");
        Assert.Equal(["p0998-new", "p0999", "p0999-new", .. names[1000..1997]], second.Names);
        var third = await PageAsync(client, $"/pools?after={second.Next}");
        Assert.Equal([.. names[1997..], "z-new"], third.Names);
        Assert.Null(third.Next);
    }

    [Fact]
    public async Task A_page_has_a_continuation_only_if_there_are_more_pools()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "3");
        foreach (var name in (string[])["a", "b"])
            (await server.Client.CreatePoolAsync(name, 1, 2)).Success(201);

        await AssertPageAsync("?limit=1", "a", "a");
        await AssertPageAsync("?limit=2", "b", "a", "b");
        await AssertPageAsync("?limit=3", null, "a", "b", "default");
        await AssertPageAsync("", null, "a", "b", "default");
        await AssertPageAsync("?after=a&limit=1", "b", "b");
        await AssertPageAsync("?after=b&limit=1", null, "default");
        await AssertPageAsync("?after=c", null, "default");
        await AssertPageAsync("?after=default", null);

        async Task AssertPageAsync(string query, string? next, params string[] names)
        {
            var page = await PageAsync(server.Client, $"/pools{query}");
            Assert.Equal(names, page.Names);
            Assert.Equal(next, page.Next);
        }
    }

    private static async Task<(string[] Names, string? Next)> PageAsync(HttpClient client, string path)
    {
        var page = (await client.FetchAsync(path)).Success(200);
        return ([.. page.GetProperty("pools").EnumerateArray().Select(NameOf)], page.GetProperty("next").GetString());
    }

    private static string NameOf(JsonElement pool) => pool.GetProperty("pool").GetString()!;
}
