using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Draws;

/// <summary>HEAD on the routes that draw one number.</summary>
public sealed class HeadTests(ApiServer server) : IClassFixture<ApiServer>
{
    private readonly HttpClient client = server.Client;

    [Fact]
    public async Task HEAD_returns_the_headers_of_GET_and_draws_nothing()
    {
        var (open, closed, exhausted) =
            (await server.CreatePoolAsync(2), await server.CreatePoolAsync(2), await server.CreatePoolAsync(2));
        (await client.ClosePoolAsync(closed)).Success(200);
        (await client.DrawAsync(exhausted, 2)).Success(201);
        var before = await server.DescribePoolsAsync();

        (string, int)[] pools = [(open, 200), (closed, 409), (exhausted, 409), ("nowhere", 404), ("Upper", 400)];
        foreach (var (pool, status) in pools)
        {
            var answer = await client.SendRequestAsync("HEAD", $"/pools/{pool}/random");
            Assert.Equal((status, "no-store", ""), (answer.Status, answer.Headers["Cache-Control"], answer.Text));
            Assert.Equal(status == 200 ? "application/json" : "application/problem+json", answer.MediaType);
        }

        Assert.Equal(400, (await client.SendRequestAsync("HEAD", "/random", key: new string('x', 256))).Status);
        Assert.Equal(before, await server.DescribePoolsAsync());
    }
}
