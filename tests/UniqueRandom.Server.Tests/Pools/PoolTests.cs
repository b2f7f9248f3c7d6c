using System.Globalization;
using System.Text.Json;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Pools;

/// <summary>Creation, status and closing of named pools.</summary>
public sealed class PoolTests(ApiServer server) : IClassFixture<ApiServer>
{
    private readonly HttpClient client = server.Client;

    [Fact]
    public async Task A_created_pool_is_returned_with_its_location_and_its_status()
    {
        var before = DateTime.UtcNow;
        var answer = await client.CreatePoolAsync("created", -5, 4);

        var status = answer.Success(201);
        Assert.Equal("/pools/created", answer.Headers["Location"]);
        (string Member, string Value)[] expected =
        [
            ("pool", "created"), ("minimum", "-5"), ("maximum", "4"), ("size", "10"), ("order", "stored"), ("state", "open"),
            ("seeded", "10"),
            ("drawn", "0"), ("remaining", "10"), ("seed", ""), ("closedAt", ""), ("drawsPerSecond", "0"),
            ("numbersPerSecond", "0"),
            ("exhaustionExpectedAt", ""),
        ];
        string[] members = [.. expected.Select(known => known.Member), "commitment", "createdAt"];
        Assert.Equal(members.Order(), status.EnumerateObject().Select(member => member.Name).Order());
        Assert.All(expected, known => Assert.Equal(known.Value, status.GetProperty(known.Member).ToString()));
        Assert.Matches("^[0-9a-f]{64}$", status.GetProperty("commitment").GetString());
        var createdAt = status.GetProperty("createdAt").GetString()!;
        Assert.EndsWith("Z", createdAt);
        Assert.InRange(
            DateTime.Parse(createdAt, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal), before.AddMilliseconds(-1),
            DateTime.UtcNow);
        Assert.Equal(answer.Text, (await client.FetchAsync("/pools/created")).Text);
    }

    [Fact]
    public async Task Creating_an_existing_pool_returns_it_and_another_range_conflicts()
    {
        var first = await client.CreatePoolAsync("again", 1, 10);
        first.Success(201);

        var second = await client.CreatePoolAsync("again", 1, 10);
        second.Success(200);
        Assert.Equal(first.Text, second.Text);
        Assert.DoesNotContain("Location", second.Headers.Keys);

        var problem = (await client.CreatePoolAsync("again", 1, 11)).Problem(409, "pool-exists");
        Assert.Equal(
            ("again", 1, 10),
            (problem.GetProperty("pool").GetString(), Integer(problem, "minimum"), Integer(problem, "maximum")));
        Assert.Equal(first.Text, (await client.FetchAsync("/pools/again")).Text);
    }

    [Fact]
    public async Task All_pools_are_listed_by_name()
    {
        foreach (var name in (string[])["zeta", "alpha", "a_1", "a-1", "0", new string('m', 64)])
            (await client.CreatePoolAsync(name, 1, 2)).Success(201);

        var names = (await client.FetchAsync("/pools")).Success(200).GetProperty("pools").EnumerateArray()
            .Select(pool => pool.GetProperty("pool").GetString()!).ToArray();
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Superset(
            new HashSet<string>(["0", "a-1", "a_1", "alpha", "default", new string('m', 64), "zeta"]), names.ToHashSet());
    }

    [Fact]
    public async Task Every_route_refuses_a_missing_pool()
    {
        (string, string)[] routes =
            [("GET", ""), ("GET", "/random"), ("POST", "/close"), ("GET", "/draws"), ("GET", "/numbers/1")];
        foreach (var (method, path) in routes)
            Assert.Equal(
                "nowhere",
                (await client.SendRequestAsync(method, "/pools/nowhere" + path)).Problem(404, "pool-not-found").GetProperty(
                    "pool")
                    .GetString());
        Assert.Equal(
            "nowhere", (await client.DrawAsync("nowhere", 1)).Problem(404, "pool-not-found").GetProperty("pool").GetString());
    }

    [Theory]
    [InlineData(long.MinValue, long.MinValue + 2)]
    [InlineData(long.MaxValue - 2, long.MaxValue)]
    [InlineData(-1, 1)]
    public async Task A_range_can_reach_the_limits_of_Int64(long minimum, long maximum)
    {
        var pool = $"ends{minimum}".Replace('-', '_');
        var status = (await client.CreatePoolAsync(pool, minimum, maximum)).Success(201);
        Assert.Equal((minimum, maximum, 3), (Integer(status, "minimum"), Integer(status, "maximum"), Integer(status, "size")));

        var numbers = (await client.DrawAsync(pool, 3)).Success(201).Numbers();
        Assert.Equal([minimum, minimum + 1, maximum], numbers.Order());
        Assert.Equal(2, Integer((await client.FetchAsync($"/pools/{pool}/numbers/{numbers[2]}")).Success(200), "position"));
        (await client.StatusAsync(pool)).VerifiedSeed();
    }

    [Fact]
    public async Task An_exhausted_pool_reveals_its_seed_but_not_earlier()
    {
        var pool = await server.CreatePoolAsync(3);
        (await client.DrawAsync(pool, 2)).Success(201);
        var open = await client.StatusAsync(pool);
        Assert.Equal(
            ("open", JsonValueKind.Null, 2, 1),
            (State(open), open.GetProperty("seed").ValueKind, Integer(open, "drawn"), Integer(open, "remaining")));

        (await client.FetchAsync($"/pools/{pool}/random")).Success(200);

        var exhausted = await client.StatusAsync(pool);
        Assert.Equal(("exhausted", 3, 0), (State(exhausted), Integer(exhausted, "drawn"), Integer(exhausted, "remaining")));
        Assert.Equal(JsonValueKind.Null, exhausted.GetProperty("closedAt").ValueKind);
        Assert.Equal(JsonValueKind.Null, exhausted.GetProperty("exhaustionExpectedAt").ValueKind);
        exhausted.VerifiedSeed();
        (await client.FetchAsync($"/pools/{pool}/random")).Problem(409, "pool-exhausted");
    }

    [Fact]
    public async Task Closing_a_closed_pool_returns_the_same_answer()
    {
        var pool = await server.CreatePoolAsync(100);
        (await client.DrawAsync(pool, 7)).Success(201);
        var open = await client.StatusAsync(pool);

        var first = await client.ClosePoolAsync(pool);
        var closed = first.Success(200);
        Assert.Equal(("closed", 7, 93), (State(closed), Integer(closed, "drawn"), Integer(closed, "remaining")));
        Assert.Equal(open.GetProperty("commitment").GetString(), closed.GetProperty("commitment").GetString());
        Assert.EndsWith("Z", closed.GetProperty("closedAt").GetString());
        closed.VerifiedSeed();

        Assert.Equal(first.Text, (await client.ClosePoolAsync(pool)).Expect(200).Text);
        Assert.Equal(
            pool, (await client.FetchAsync($"/pools/{pool}/random")).Problem(409, "pool-closed").GetProperty("pool").GetString());
        (await client.DrawAsync(pool, 1)).Problem(409, "pool-closed");
        Assert.Equal(first.Text, (await client.CreatePoolAsync(pool, 1, 100)).Expect(200).Text);
    }

    [Fact]
    public async Task The_status_has_the_pace_of_the_last_minute_and_the_estimated_exhaustion()
    {
        var (pool, idle) = (await server.CreatePoolAsync(112), await server.CreatePoolAsync(2));
        (await client.DrawAsync(pool, 10, key: "pace")).Success(201);
        (await client.DrawAsync(pool, 10, key: "pace")).Success(201);
        (await client.FetchAsync($"/pools/{pool}/random")).Success(200);
        (await client.FetchAsync($"/pools/{pool}/random")).Success(200);

        var status = await client.StatusAsync(pool);
        Assert.Equal(
            (0.05, 0.2), (status.GetProperty("drawsPerSecond").GetDouble(), status.GetProperty("numbersPerSecond").GetDouble()));
        var seconds = (status.GetProperty("exhaustionExpectedAt").GetDateTime() - DateTime.UtcNow).TotalSeconds;
        Assert.InRange(seconds, 500 - 30, 500);
        Assert.Equal(JsonValueKind.Null, (await client.StatusAsync(idle)).GetProperty("exhaustionExpectedAt").ValueKind);
    }

    private static long Integer(JsonElement json, string member) => json.GetProperty(member).GetInt64();

    private static string? State(JsonElement status) => status.GetProperty("state").GetString();
}
