using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Audit;

/// <summary>Samples of the order, to plot it.</summary>
public sealed class SampleTests(ApiServer server) : IClassFixture<ApiServer>
{
    private readonly HttpClient client = server.Client;

    [Theory]
    [InlineData("", 2000)]
    [InlineData("?points=1", 1)]
    [InlineData("?points=7", 7)]
    [InlineData("?points=10000", 9000)]
    public async Task A_sample_has_evenly_spaced_drawn_numbers(string query, int count)
    {
        var pool = await server.CreatePoolAsync(20_000);
        var drawn = (await client.DrawAsync(pool, 9000)).Success(201).Numbers();

        var sample = (await client.FetchAsync($"/pools/{pool}/sample{query}")).Success(200);

        Assert.Equal(9000, sample.GetProperty("drawn").GetInt32());
        var positions = sample.GetProperty("positions").EnumerateArray().Select(position => position.GetInt32()).ToArray();
        Assert.Equal(Enumerable.Range(0, count).Select(i => (int)(i * 9000L / count)), positions);
        Assert.Equal(positions.Select(position => drawn[position]), sample.Numbers());
    }

    [Fact]
    public async Task A_pool_without_draws_has_an_empty_sample()
    {
        var pool = await server.CreatePoolAsync(10);

        var sample = (await client.FetchAsync($"/pools/{pool}/sample")).Success(200);

        Assert.Equal(0, sample.GetProperty("drawn").GetInt32());
        Assert.Empty(sample.Numbers());
    }

    [Theory]
    [InlineData("points=0")]
    [InlineData("points=10001")]
    [InlineData("points=-1")]
    [InlineData("points=1.5")]
    [InlineData("points=")]
    [InlineData("points=1&points=2")]
    public async Task Other_numbers_of_points_are_refused(string query)
    {
        var problem = (await client.FetchAsync($"/pools/default/sample?{query}")).Problem(400, "invalid-request");

        Assert.Equal("points", problem.GetProperty("field").GetString());
    }

    [Fact]
    public async Task An_unknown_pool_has_no_sample() =>
        (await client.FetchAsync("/pools/nowhere/sample")).Problem(404, "pool-not-found");
}
