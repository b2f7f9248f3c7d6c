using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Telemetry;

/// <summary>What GET /metrics tells.</summary>
public sealed class MetricsTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Draws_are_counted_by_pool_and_outcome()
    {
        var (pool, client) = (await server.CreatePoolAsync(10), server.Client);
        (await client.DrawAsync(pool, 3, key: "one")).Success(201);
        (await client.DrawAsync(pool, 3, key: "one")).Success(201);
        (await client.DrawAsync(pool, 2, key: "one")).Problem(422, "key-conflict");
        (await client.FetchAsync($"/pools/{pool}/random")).Success(200);
        (await client.DrawAsync(pool, 7)).Problem(409, "pool-exhausted");

        var scrape = await Scrape.ReadAsync(client);
        Assert.Equal(2, scrape[$$"""uniquerandom_draws_total{outcome="drawn",pool="{{pool}}"}"""]);
        Assert.Equal(1, scrape[$$"""uniquerandom_draws_total{outcome="replayed",pool="{{pool}}"}"""]);
        Assert.Equal(1, scrape[$$"""uniquerandom_draws_total{outcome="exhausted",pool="{{pool}}"}"""]);
        Assert.Equal(4, scrape[$$"""uniquerandom_numbers_total{pool="{{pool}}"}"""]);
        Assert.Equal(1, scrape["""uniquerandom_draws_total{outcome="key_conflict"}"""]);

        (await client.ClosePoolAsync(pool)).Success(200);
        (await client.FetchAsync($"/pools/{pool}/random")).Problem(409, "pool-closed");
        scrape = await Scrape.ReadAsync(client);
        Assert.Equal(1, scrape[$$"""uniquerandom_draws_total{outcome="pool_closed",pool="{{pool}}"}"""]);
    }

    [Fact]
    public async Task Names_that_no_pool_has_are_no_series()
    {
        for (var i = 0; i < 20; i++)
            (await server.Client.FetchAsync($"/pools/missing-{i}/random")).Problem(404, "pool-not-found");

        var scrape = await Scrape.ReadAsync(server.Client);

        Assert.Equal(20, scrape["""uniquerandom_draws_total{outcome="pool_not_found"}"""]);
        Assert.DoesNotContain("missing-", scrape.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batches_commits_and_waits_are_measured()
    {
        var pool = await server.CreatePoolAsync(1000);
        for (var i = 0; i < 50; i++)
            (await server.Client.FetchAsync($"/pools/{pool}/random")).Success(200);

        var scrape = await Scrape.ReadAsync(server.Client);

        Assert.InRange(scrape["uniquerandom_batch_size_sum"], 50, double.MaxValue);
        Assert.InRange(scrape["uniquerandom_commit_duration_seconds_count"], 1, scrape["uniquerandom_batch_size_sum"]);
        Assert.InRange(scrape["uniquerandom_commit_duration_seconds_sum"], 0.0001, 100);
        Assert.InRange(scrape["uniquerandom_queue_wait_duration_seconds_count"], 1, double.MaxValue);
        string[] bounds =
        [
            "5E-05", "0.0001", "0.00025", "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5",
            "1", "2.5", "5", "+Inf",
        ];
        Assert.Equal(
            bounds.Select(bound => $$"""uniquerandom_commit_duration_seconds_bucket{le="{{bound}}"}"""),
            scrape.SeriesOf("uniquerandom_commit_duration_seconds_bucket").Select(series => series.Key));
        Assert.Equal(0, scrape["uniquerandom_queue_depth"]);
    }

    [Fact]
    public async Task The_runtime_and_the_requests_are_measured_as_well()
    {
        (await server.Client.FetchAsync("/pools")).Success(200);

        var scrape = await Scrape.ReadAsync(server.Client);

        Assert.InRange(scrape["dotnet_process_memory_working_set_bytes"], 10_000_000, 10_000_000_000);
        Assert.InRange(scrape.SeriesOf("kestrel_active_connections").Sum(series => series.Value), 1, 1000);
        Assert.Contains(scrape.SeriesOf("http_server_request_duration_seconds_count"), series =>
            series.Key.Contains("http_route=\"/pools\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Open_pools_have_gauges_and_closed_ones_have_none()
    {
        using var directory = new TemporaryDirectory();
        await using var own = await ServerProcess.StartAsync(directory, "--maximum", "1000");
        (await own.Client.CreatePoolAsync("p", 1, 50)).Success(201);
        await Scrape.UntilAsync(own, """uniquerandom_pool_size{pool="p"}""", 50);

        (await own.Client.DrawAsync("p", 20)).Success(201);
        // Draws of this server count at once.
        Assert.Equal(30, (await Scrape.ReadAsync(own))["""uniquerandom_pool_remaining{pool="p"}"""]);
        Assert.Equal(1, (await Scrape.ReadAsync(own))["uniquerandom_store_ready"]);

        (await own.Client.ClosePoolAsync("p")).Success(200);
        await Testing.Time.Eventually.TrueAsync(
            async () => (await Scrape.ReadAsync(own)).Find("""uniquerandom_pool_remaining{pool="p"}""") is null, "it is gone");
        Assert.Equal(1000, (await Scrape.ReadAsync(own))["""uniquerandom_pool_remaining{pool="default"}"""]);
    }

    [Fact]
    public async Task Pools_beyond_a_thousand_series_are_added_up()
    {
        using var directory = new TemporaryDirectory();
        await using var own = await ServerProcess.StartAsync(directory, "--maximum", "10");
        await Parallel.ForEachAsync(Enumerable.Range(0, 1100), TestContext.Current.CancellationToken, async (i, _) =>
        {
            (await own.Client.CreatePoolAsync($"p{i:0000}", 1, 10)).Expect(201);
            (await own.Client.FetchAsync($"/pools/p{i:0000}/random")).Expect(200);
        });

        const string Rest = """{otel_metric_overflow="true"}""";
        await Scrape.UntilAsync(own, $"uniquerandom_pool_size{Rest}", 1030);

        var scrape = await Scrape.ReadAsync(own);
        Assert.Equal(999, scrape.SeriesOf("uniquerandom_pool_remaining").Count());
        Assert.Equal((9 * 1100) + 10, scrape.SeriesOf("uniquerandom_pool_remaining").Sum(series => series.Value));
        Assert.InRange(scrape.SeriesOf("uniquerandom_numbers_total").Count(), 900, 1000);
        Assert.Equal(1100, scrape.SeriesOf("uniquerandom_numbers_total").Sum(series => series.Value));
        Assert.InRange(scrape[$"uniquerandom_numbers_total{Rest}"], 100, 200);
    }
}
