using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Fixtures;

/// <summary>One running server for the tests of a class, each of which keeps to pools of its own.</summary>
public sealed class ApiServer : IAsyncLifetime
{
    public const int DefaultSize = 1000;

    private readonly TemporaryDirectory directory = new();
    private ServerProcess process = null!;
    private int pools;

    public Uri Address => process.Address;

    public HttpClient Client => process.Client;

    public async ValueTask InitializeAsync() =>
        process = await ServerProcess.StartAsync(directory, "--maximum", $"{DefaultSize}");

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        directory.Dispose();
    }

    /// <summary>
    /// A new pool of the numbers 1 to <paramref name="size"/>, open: on a busy machine it may be answered before it is.
    /// </summary>
    public async Task<string> CreatePoolAsync(int size)
    {
        var name = $"pool-{Interlocked.Increment(ref pools)}";
        var status = (await Client.CreatePoolAsync(name, 1, size)).Success(201);
        while (status.GetProperty("state").GetString() == "seeding")
            status = await Client.StatusAsync(name);
        Assert.Equal("open", status.GetProperty("state").GetString());
        return name;
    }

    /// <summary>What must not change when nothing is drawn, created or closed.</summary>
    public async Task<string> WhatIsDrawnAsync()
    {
        var pools = (await Client.FetchAsync("/pools")).Success(200).GetProperty("pools").EnumerateArray();
        return string.Join(
            ", ", pools.Select(pool => $"{pool.GetProperty("pool")} {pool.GetProperty("state")} {pool.GetProperty("drawn")}"));
    }
}
