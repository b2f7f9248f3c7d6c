using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Pools;

/// <summary>Creation of pools that are too large for the machine.</summary>
public sealed class PoolSizeTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_pool_that_does_not_fit_the_disk_is_refused_and_not_recorded()
    {
        await using var disk = await SmallFileSystem.MountAsync(mebibytes: 20);
        await using var server = await ServerProcess.StartAsync(directory, "--database", disk.Database, "--maximum", "1000");

        var problem = (await server.Client.CreatePoolAsync("large", 1, 10_000_000)).Problem(503, "out-of-disk");

        var detail = problem.GetProperty("detail").GetString();
        Assert.StartsWith("Storing 10,000,000 numbers takes 44 MiB of disk", detail, StringComparison.Ordinal);
        await AssertNotRecordedAsync(server);
    }

    [Fact]
    public async Task A_pool_that_does_not_fit_in_memory_is_refused_and_not_recorded()
    {
        Dictionary<string, string> limited = new() { ["DOTNET_GCHeapHardLimit"] = "8000000" };
        await using var server = await ServerProcess.StartAsync(directory, limited, "--maximum", "1000");

        (await server.Client.CreatePoolAsync("large", 1, 100_000_000)).Problem(503, "out-of-memory");

        await AssertNotRecordedAsync(server);
    }

    [Fact]
    public async Task A_first_start_whose_pool_does_not_fit_the_disk_fails_and_the_next_can_use_another_range()
    {
        await using var disk = await SmallFileSystem.MountAsync(mebibytes: 20);
        await using (var server = ServerProcess.Launch(directory, "--database", disk.Database, "--maximum", "10000000"))
        {
            Assert.Equal(1, await server.ExitAsync());
            var lines = server.Output.Concat(server.Errors);
            Assert.Contains(lines, line => line.Contains("takes 44 MiB of disk", StringComparison.Ordinal));
        }

        await using var next = await ServerProcess.StartAsync(directory, "--database", disk.Database, "--maximum", "1000");
        (await next.Client.FetchAsync("/random")).Success(200);
    }

    private static async Task AssertNotRecordedAsync(ServerProcess server)
    {
        (await server.Client.FetchAsync("/pools/large")).Problem(404, "pool-not-found");
        (await server.Client.FetchAsync("/random")).Success(200);
        (await server.Client.FetchAsync("/health/ready")).Success(200);
        (await server.Client.CreatePoolAsync("large", 1, 1000)).Success(201);
    }
}
