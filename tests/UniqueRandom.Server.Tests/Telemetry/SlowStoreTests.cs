using System.Diagnostics;
using UniqueRandom.Server.Tests.Faults;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Telemetry;

/// <summary>Scrapes never wait for the store.</summary>
public sealed class SlowStoreTests(PostgresServer postgres) : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_disk_that_hangs_delays_no_scrape_and_is_told()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "1000");
        await Scrape.UntilAsync(server, """uniquerandom_pool_remaining{pool="default"}""", 1000);
        await using (await Strace.AttachAsync(server.Id, "fsync,fdatasync", "delay_enter=60s"))
        {
            var draw = server.Client.GetAsync("/random", TestContext.Current.CancellationToken);
            _ = draw.ContinueWith(_ => { }, TaskScheduler.Default);
            var start = Stopwatch.GetTimestamp();
            await Scrape.UntilAsync(server, "uniquerandom_store_ready", 0);
            Assert.Equal(1000, (await Scrape.ReadAsync(server))["""uniquerandom_pool_remaining{pool="default"}"""]);
            Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(30));
            Assert.False(draw.IsCompleted);
        }
    }

    [Fact]
    public async Task Another_scrape_shows_what_another_node_has_drawn()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var scraped = await StartAsync();
        await using var drawing = await StartAsync();
        (await drawing.Client.DrawAsync("default", 40)).Success(201);

        await Scrape.UntilAsync(scraped, """uniquerandom_pool_remaining{pool="default"}""", 960);

        Assert.Null((await Scrape.ReadAsync(scraped)).Find("""uniquerandom_numbers_total{pool="default"}"""));

        Task<ServerProcess> StartAsync() => ServerProcess.StartAsync(directory, [.. database.Switches, "--maximum", "1000"]);
    }
}
