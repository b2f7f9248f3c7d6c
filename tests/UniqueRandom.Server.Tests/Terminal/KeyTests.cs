using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Terminal;

/// <summary>Access keys of the verbs, which are never arguments.</summary>
public sealed class KeyTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly KeyHolder shop = new("shop", "draw");

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_key_comes_from_the_environment_or_a_file()
    {
        await using var server = await ServerProcess.StartAsync(directory, KeyHolder.Environment(shop), "--maximum", "50");
        var file = directory.File("key");
        await File.WriteAllTextAsync(file, $"{shop.Key}\n", TestContext.Current.CancellationToken);

        Assert.Single((await RunAsync(server, shop.Key, "draw")).Done());
        Assert.Single((await RunAsync(server, "wrong", "draw", "--key-file", file)).Done());

        string[] refused = [
            (await RunAsync(server, "", "draw")).Failed(3),
            (await RunAsync(server, "wrong-key", "draw")).Failed(3),
            (await RunAsync(server, shop.Key, "close", "default", "--yes")).Failed(3),
            (await RunAsync(server, "two words", "draw")).Failed(2),
            (await RunAsync(server, "", "draw", "--key-file", directory.Database)).Failed(2),
            (await RunAsync(server, "", "draw", "--key-file", directory.File("none"))).Failed(2),
        ];
        Assert.Contains("UNIQUERANDOM_KEY", refused[0]);
        Assert.Contains("--key-file", refused[1]);
        Assert.Contains("admin", refused[2]);
        Assert.Contains("UNIQUERANDOM_KEY", refused[3]);
        Assert.DoesNotContain(refused, line => line.Contains("wrong-key", StringComparison.Ordinal)
            || line.Contains("two words", StringComparison.Ordinal) || line.Contains(shop.Key, StringComparison.Ordinal));
        Assert.Equal(2, await DrawnAsync(server));
    }

    private async Task<int> DrawnAsync(ServerProcess server) =>
        (await shop.SendAsync(server.Client, HttpMethod.Get, "/pools/default")).Success(200).GetProperty("drawn").GetInt32();

    private static Task<Run> RunAsync(ServerProcess server, string key, params string[] arguments) => Run.OfAsync(
        new Dictionary<string, string> { ["UNIQUERANDOM_URL"] = $"{server.Address}", ["UNIQUERANDOM_KEY"] = key }, arguments);
}
