using System.Text.Json;
using UniqueRandom.Permutations;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Audit;

/// <summary>Looking up drawn numbers and reading the draw log.</summary>
public sealed class AuditTests(ApiServer server) : IClassFixture<ApiServer>
{
    private readonly HttpClient client = server.Client;

    [Fact]
    public async Task A_drawn_number_is_found_with_its_draw()
    {
        var pool = await server.CreatePoolAsync(20_000);
        var drawn = new List<(JsonElement Draw, bool Keyed)>
        {
            ((await client.DrawAsync(pool, 9000)).Success(201), false),
            ((await client.DrawAsync(pool, 10, "Zoë, \"4711\" 🎲")).Success(201), false),
            ((await client.DrawAsync(pool, 10, "keyed", "audit-1")).Success(201), true),
            ((await client.DrawAsync(pool, 1, null, "audit-2")).Success(201), true),
        };

        foreach (var (draw, keyed) in drawn)
        {
            var (first, numbers) = (draw.GetProperty("first").GetInt32(), draw.Numbers());
            foreach (var place in ((int[])[0, numbers.Length / 2, numbers.Length - 1]).Distinct())
            {
                var found = (await client.FetchAsync($"/pools/{pool}/numbers/{numbers[place]}")).Success(200);
                string[] members = ["pool", "number", "drawn", "position", "drawnAt", "reference", "caller", "keyed"];
                Assert.Equal(members, found.EnumerateObject().Select(member => member.Name));
                Assert.Equal(
                    (pool, numbers[place]), (found.GetProperty("pool").GetString(), found.GetProperty("number").GetInt64()));
                Assert.Equal(
                    (true, first + place), (found.GetProperty("drawn").GetBoolean(), found.GetProperty("position").GetInt32()));
                Assert.Equal(draw.GetProperty("drawnAt").GetString(), found.GetProperty("drawnAt").GetString());
                Assert.Equal(draw.GetProperty("reference").GetString(), found.GetProperty("reference").GetString());
                Assert.Equal(
                    (JsonValueKind.Null, keyed),
                    (found.GetProperty("caller").ValueKind, found.GetProperty("keyed").GetBoolean()));
            }
        }
    }

    [Fact]
    public async Task A_number_that_is_not_drawn_reveals_nothing_else()
    {
        var pool = await server.CreatePoolAsync(30);
        var drawn = (await client.DrawAsync(pool, 25)).Success(201).Numbers();

        foreach (var number in Enumerable.Range(1, 30).Where(number => !drawn.Contains(number)))
        {
            var answer = await client.FetchAsync($"/pools/{pool}/numbers/{number}");
            Assert.Equal(
                $$"""{"pool":"{{pool}}","number":{{number}},"drawn":false}""",
                answer.Text);
            answer.Success(200);
        }

        (await client.ClosePoolAsync(pool)).Success(200);
        Assert.Equal(30 - 25, await CountAsync(pool, 30, number => !number.GetProperty("drawn").GetBoolean()));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("31")]
    [InlineData("-1")]
    [InlineData("4294967297")]
    [InlineData("9223372036854775807")]
    [InlineData("-9223372036854775808")]
    public async Task A_number_outside_the_range_is_not_found(string number)
    {
        var pool = await server.CreatePoolAsync(30);
        var problem = (await client.FetchAsync($"/pools/{pool}/numbers/{number}")).Problem(404, "number-not-found");
        Assert.Equal(pool, problem.GetProperty("pool").GetString());
        Assert.Equal((1, 30), (problem.GetProperty("minimum").GetInt32(), problem.GetProperty("maximum").GetInt32()));
    }

    [Fact]
    public async Task The_log_of_an_exhausted_pool_matches_its_revealed_seed()
    {
        (await client.CreatePoolAsync("proof", -20_000, -1)).Success(201);
        foreach (var count in (int[])[1, 9999, 10_000])
            (await client.DrawAsync("proof", count)).Success(201);

        var status = await client.StatusAsync("proof");
        using var permutation = Permutation.Shuffle(
            new Seed(status.VerifiedSeed()), 20_000, TestContext.Current.CancellationToken);
        var expected = permutation.Offsets.ToArray().Select(offset => offset - 20_000L);
        Assert.Equal(expected, (await client.FetchAsync("/pools/proof/draws")).Lines.NumbersFrom(0));
    }

    [Fact]
    public async Task The_log_of_a_new_pool_is_empty()
    {
        var pool = await server.CreatePoolAsync(5);
        var lines = await client.FetchAsync($"/pools/{pool}/draws");
        Assert.Equal((200, "application/x-ndjson", ""), (lines.Status, lines.MediaType, lines.Text));
        Assert.Equal("no-store", lines.Headers["Cache-Control"]);
        var csv = await client.FetchAsync($"/pools/{pool}/draws", accept: "text/csv");
        Assert.Equal(
            (200, "text/csv", "position,number,drawnAt,reference,caller,keyed\r\n"), (csv.Status, csv.MediaType, csv.Text));
    }

    private async Task<int> CountAsync(string pool, int size, Func<JsonElement, bool> condition)
    {
        var count = 0;
        for (var number = 1; number <= size; number++)
            count += condition((await client.FetchAsync($"/pools/{pool}/numbers/{number}")).Success(200)) ? 1 : 0;
        return count;
    }
}
