using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Telemetry;

/// <summary>Prometheus's own check of names, types and units.</summary>
public sealed class PromtoolTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Promtool_finds_nothing()
    {
        var pool = await server.CreatePoolAsync(10);
        (await server.Client.DrawAsync(pool, 9)).Success(201);
        (await server.Client.FetchAsync("/pools/missing/random")).Problem(404, "pool-not-found");
        var scrape = await Scrape.ReadAsync(server.Client);

        var check = await Promtool.RunAsync(["check", "metrics"], scrape.Text);

        Assert.Equal((0, "", ""), (check.ExitCode, check.StandardOutput, check.StandardError));
    }
}
