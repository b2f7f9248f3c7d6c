using System.Text.Json;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Pools;

/// <summary>Seeding of large pools during draws, and interrupted seedings.</summary>
public sealed class PoolSeedingTests(ITestOutputHelper output) : IDisposable
{
    private const int Size = 30_000_000;

    /// <summary>Large enough to wait for the turn of large pools.</summary>
    private const int Waiting = 1_000_001;

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_large_pool_reports_its_progress_and_delays_no_draws()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "100000");
        var client = server.Client;
        // One large pool is seeded at a time, so the second of two is not open when its creation is answered.
        var ahead = client.CreatePoolAsync("ahead", 1, Size);
        await server.LineAsync("Seeding pool ahead");
        var created = await client.CreatePoolAsync("large", 1, Size);
        Assert.Equal("seeding", State(created.Success(201)));
        Assert.Equal("/pools/large", created.Headers["Location"]);
        (await ahead).Success(201);

        (await client.FetchAsync("/pools/large/random")).Problem(503, "pool-seeding");
        (await client.DrawAsync("large", 5)).Problem(503, "pool-seeding");
        (await client.ClosePoolAsync("large")).Problem(503, "pool-seeding");
        (await client.CreatePoolAsync("large", 1, Size)).Success(200);
        (await client.CreatePoolAsync("large", 2, Size)).Problem(409, "pool-exists");

        var seeded = new List<int>();
        var status = await client.StatusAsync("large");
        for (; State(status) == "seeding"; status = await client.StatusAsync("large"))
        {
            seeded.Add(status.GetProperty("seeded").GetInt32());
            Assert.Equal((0, JsonValueKind.Null), (status.GetProperty("drawn").GetInt32(), status.GetProperty("seed").ValueKind));
            (await client.FetchAsync("/random")).Success(200);
        }

        Assert.Equal(seeded.Order(), seeded);
        Assert.Contains(seeded, count => count is > 0 and < Size);
        Assert.Equal(("open", Size), (State(status), status.GetProperty("seeded").GetInt32()));
        Assert.InRange((await client.FetchAsync("/pools/large/random")).Success(200).GetProperty("number").GetInt64(), 1, Size);
        output.WriteLine($"{seeded.Count} draws from another pool meanwhile");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_interrupted_seeding_is_completed_by_the_next_start_with_the_same_commitment(bool kill)
    {
        JsonElement before, waiting;
        await using (var server = await ServerProcess.StartAsync(directory, "--maximum", "10"))
        {
            // The answer is not awaited, because the server may have stopped by then.
            _ = server.Client.CreatePoolAsync("large", -Size, -1)
                .ContinueWith(creation => creation.Exception, TaskScheduler.Default);
            await server.LineAsync("Seeding pool large with");
            // One large pool is seeded at a time, so this one waits until the server stops.
            _ = server.Client.CreatePoolAsync("waiting", 1, Waiting)
                .ContinueWith(creation => creation.Exception, TaskScheduler.Default);
            await server.LineAsync("Seeding pool large: 25 %");
            before = await server.Client.StatusAsync("large");
            waiting = await server.Client.StatusAsync("waiting");
            Assert.Equal("seeding", State(waiting));
            if (kill)
                await server.KillAsync();
            else
                Assert.Equal(0, await server.StopAsync());
            Assert.DoesNotContain(server.Output, line => line.Contains("Seeded pool large", StringComparison.Ordinal));
        }

        await using var next = await ServerProcess.StartAsync(directory, "--maximum", "10");
        var after = await next.Client.StatusAsync("large");
        Assert.True(after.GetProperty("seeded").GetInt32() >= before.GetProperty("seeded").GetInt32(), after.ToString());
        await next.LineAsync("Seeded pool large");
        Assert.Equal("open", State(await next.Client.StatusAsync("large")));

        var numbers = (await next.Client.DrawAsync("large", 10_000)).Success(201).Numbers();
        Assert.Equal(10_000, numbers.Distinct().Count());
        Assert.All(numbers, number => Assert.InRange(number, -Size, -1));
        var closed = (await next.Client.ClosePoolAsync("large")).Success(200);
        Assert.Equal(before.GetProperty("commitment").GetString(), closed.GetProperty("commitment").GetString());
        Assert.Equal(before.GetProperty("createdAt").GetString(), closed.GetProperty("createdAt").GetString());
        closed.VerifiedSeed();

        await next.LineAsync("Seeded pool waiting");
        (await next.Client.ClosePoolAsync("waiting")).Success(200);
        var ended = await next.Client.StatusAsync("waiting");
        Assert.Equal(waiting.GetProperty("commitment").GetString(), ended.GetProperty("commitment").GetString());
        ended.VerifiedSeed();
    }

    [Fact]
    public async Task A_restart_keeps_all_pools()
    {
        var texts = new List<string>();
        for (var start = 0; start < 2; start++)
        {
            await using var server = await ServerProcess.StartAsync(directory, "--maximum", "10");
            foreach (var (pool, drawn) in ((string, int)[])[("closed", 0), ("open", 3), ("exhausted", 9)])
            {
                if (start > 0)
                    continue;
                (await server.Client.CreatePoolAsync(pool, 1, 9)).Success(201);
                if (drawn > 0)
                    (await server.Client.DrawAsync(pool, drawn)).Success(201);
            }

            (await server.Client.ClosePoolAsync("closed")).Success(200);
            (await server.Client.DrawAsync("closed", 1)).Problem(409, "pool-closed");
            (await server.Client.DrawAsync("exhausted", 1)).Problem(409, "pool-exhausted");
            (await server.Client.DrawAsync("open", 7)).Problem(409, "pool-exhausted");
            var pools = (await server.Client.FetchAsync("/pools")).Success(200).GetProperty("pools").EnumerateArray();
            texts.Add(string.Join('\n', pools.Select(pool => string.Join(' ', pool.EnumerateObject()
                .Where(
                    member =>
                        !member.Name.EndsWith("PerSecond", StringComparison.Ordinal)
                            && member.Name != "exhaustionExpectedAt")))));
            Assert.Equal(0, await server.StopAsync());
        }

        Assert.Equal(texts[0], texts[1]);
    }

    private static string? State(JsonElement status) => status.GetProperty("state").GetString();
}
