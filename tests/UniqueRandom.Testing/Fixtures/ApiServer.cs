using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Testing.Fixtures;

/// <summary>A running server that the tests of a class share. Each test uses its own pools.</summary>
public class ApiServer : IAsyncLifetime
{
    public const int DefaultSize = 1000;

    private readonly TemporaryDirectory directory = new();
    private ServerProcess process = null!;
    private int pools;

    public Uri Address => process.Address;

    public HttpClient Client => process.Client;

    /// <summary>More switches of the server.</summary>
    protected virtual string[] Switches => [];

    public async ValueTask InitializeAsync() =>
        process = await ServerProcess.StartAsync(directory, [.. Switches, "--maximum", $"{DefaultSize}"]);

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        directory.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Creates a pool of the numbers 1 to <paramref name="size"/>, and waits until it is open.
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

    /// <summary>Describes the state that must not change when nothing is drawn, created, extended or closed.</summary>
    public async Task<string> DescribePoolsAsync()
    {
        var pools = (await Client.FetchAsync("/pools")).Success(200).GetProperty("pools").EnumerateArray();
        return string.Join(
            ", ", pools.Select(pool =>
            $"{pool.GetProperty("pool")} {pool.GetProperty("state")} {pool.GetProperty("drawn")} {pool.GetProperty("size")}"));
    }
}
