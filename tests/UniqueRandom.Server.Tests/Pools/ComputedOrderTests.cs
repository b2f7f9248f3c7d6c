using UniqueRandom.Audit;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Pools;

/// <summary>Pools with computed orders over HTTP.</summary>
public sealed class ComputedOrderTests(ApiServer server) : IClassFixture<ApiServer>
{
    private readonly HttpClient client = server.Client;

    [Theory]
    [InlineData("million", 1, 1_000_000)]
    [InlineData("largest", 1, long.MaxValue)]
    [InlineData("around-zero", -4611686018427387904, 4611686018427387902)]
    public async Task A_computed_order_is_drawn_from_looked_up_closed_and_verified(string pool, long minimum, long maximum)
    {
        var created = (await CreateAsync(pool, minimum, maximum, "\"computed\"")).Success(201);
        Assert.Equal(("computed", "open"), (created.GetProperty("order").GetString(), created.GetProperty("state").GetString()));
        Assert.Equal(maximum - minimum + 1, created.GetProperty("size").GetInt64());

        var drawn = (await client.DrawAsync(pool, 1000)).Success(201).Numbers();
        var number = (await client.FetchAsync($"/pools/{pool}/random")).Success(200).GetProperty("number").GetInt64();
        Assert.Equal(1001, drawn.Append(number).Distinct().Count());
        Assert.All(drawn, drawnNumber => Assert.InRange(drawnNumber, minimum, maximum));
        var found = (await client.FetchAsync($"/pools/{pool}/numbers/{number}")).Success(200);
        Assert.Equal((true, 1000), (found.GetProperty("drawn").GetBoolean(), found.GetProperty("position").GetInt64()));

        var status = await client.ClosePoolAsync(pool);
        status.Success(200);
        foreach (var format in (string[])["application/x-ndjson", "text/csv"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/pools/{pool}/draws");
            request.Headers.Add("Accept", format);
            var log = await client.SendRequestAsync(request);
            var finding = OrderAudit.Check(
                ExportedStatus.Read(status.Text, "status.json"), log.Text.Split('\n'), TestContext.Current.CancellationToken);
            Assert.True(finding.Holds, finding.Sentence);
            Assert.Contains("1,001 numbers at positions 0 to 1,000", finding.Sentence);
        }
    }

    [Fact]
    public async Task The_kind_of_order_belongs_to_the_definition()
    {
        (await CreateAsync("kind", 1, 1_000_000, "\"computed\"")).Success(201);
        (await CreateAsync("kind", 1, 1_000_000, "\"computed\"")).Success(200);
        var problem = (await CreateAsync("kind", 1, 1_000_000, "null")).Problem(409, "pool-exists");
        Assert.Contains("a computed order and no codes, which can't be changed", problem.GetProperty("detail").GetString());
        (await CreateAsync("kind-stored", 1, 10, "\"stored\"")).Success(201);
        (await client.CreatePoolAsync("kind-stored", 1, 10)).Success(200);
    }

    [Theory]
    [InlineData("\"Computed\"", 1, 1_000_000, "order", "order must be null, stored or computed")]
    [InlineData("\"\"", 1, 1_000_000, "order", "order must be null, stored or computed")]
    [InlineData("1", 1, 1_000_000, "order", "order must be null, stored or computed")]
    [InlineData("true", 1, 1_000_000, "order", "order must be null, stored or computed")]
    [InlineData("[\"computed\"]", 1, 1_000_000, "order", "order must be null, stored or computed")]
    [InlineData("\"\\ud800\"", 1, 1_000_000, "order", "order must be null, stored or computed")]
    [InlineData("\"computed\"", 1, 999_999, "maximum", "holds 999999 numbers; a pool with a computed order has at least 1000000")]
    [InlineData("\"computed\"", 0, long.MaxValue, "maximum", "holds 9223372036854775808 numbers; a pool holds at most")]
    [InlineData("\"computed\"", 2, 1, "maximum", "minimum 2 is above maximum 1")]
    [InlineData("\"stored\"", 1, 2_147_483_648, "maximum", "a pool with a stored order has at most 2147483647")]
    public async Task A_definition_that_is_not_valid_creates_nothing(
        string order, long minimum, long maximum, string field, string detail)
    {
        var problem = (await CreateAsync("not-valid", minimum, maximum, order)).Problem(400, "invalid-request");
        Assert.Equal(field, problem.GetProperty("field").GetString());
        Assert.Contains(detail, problem.GetProperty("detail").GetString());
        (await client.FetchAsync("/pools/not-valid")).Problem(404, "pool-not-found");
    }

    private Task<ApiAnswer> CreateAsync(string pool, long minimum, long maximum, string order) => client.SendRequestAsync(
        "PUT", $"/pools/{pool}", $$"""{"minimum":{{minimum}},"maximum":{{maximum}},"order":{{order}}}""");
}
