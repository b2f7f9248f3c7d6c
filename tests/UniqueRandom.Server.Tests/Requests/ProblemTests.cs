using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Requests;

/// <summary>Refusals are RFC 9457 problems with a stable type.</summary>
public sealed class ProblemTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task POST_is_not_allowed_and_draws_nothing()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "3");

        var answer = await server.Client.SendRequestAsync("POST", "/random");

        answer.Problem(405, "method-not-allowed");
        Assert.Contains("GET", answer.Headers["Allow"], StringComparison.Ordinal);
        Assert.Equal(0, await server.StopAsync());
        Assert.Equal(0, StoredDraws.Read(directory.Database).Cursor);
    }

    [Fact]
    public async Task An_unknown_route_is_a_problem_that_refers_to_the_documentation()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "3");

        var problem = (await server.Client.FetchAsync("/numbers")).Problem(404, "not-found");

        Assert.Contains("/docs", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task An_exhausted_pool_stays_a_conflict()
    {
        await using (var server = await ServerProcess.StartAsync(directory, "--maximum", "1"))
        {
            Assert.Equal("""{"number":1}""", await server.Client.GetStringAsync("/random", CancellationToken));
            await AssertExhaustedAsync(server);
            await AssertExhaustedAsync(server);
            Assert.Equal(0, await server.StopAsync());
        }

        await using var restarted = await ServerProcess.StartAsync(directory, "--maximum", "1");
        await AssertExhaustedAsync(restarted);
    }

    private static async Task AssertExhaustedAsync(ServerProcess server)
    {
        var answer = await server.Client.FetchAsync("/random");
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        var problem = answer.Problem(409, "pool-exhausted");
        Assert.Equal("default", problem.GetProperty("pool").GetString());
        Assert.Equal(1, problem.GetProperty("size").GetInt32());
        Assert.Equal(0, problem.GetProperty("remaining").GetInt32());
    }
}
