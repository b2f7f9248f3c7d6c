using UniqueRandom.Server.Access;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Access;

/// <summary>The proxies whose forwarded addresses are trusted.</summary>
public sealed class KnownProxiesTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly KeyHolder shop = new("shop", "draw");

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_forwarded_address_from_a_known_proxy_is_used()
    {
        await using var server = await ServerProcess.StartAsync(
            directory, KeyHolder.Environment(shop), "--known-proxies", "192.0.2.1, 127.0.0.0/8");
        Assert.True(await AreCountedTogetherAsync(server, _ => "203.0.113.1"));

        // Other addresses have their own buckets, unless one shares the first bucket by chance.
        var others = new List<int>();
        foreach (var other in (string[])["203.0.113.2", "198.51.100.1", "2001:db8::1"])
            others.Add(await FailAsync(server, other));
        Assert.Contains(401, others);

        // Addresses that the client sends precede those that proxies append.
        Assert.True(await AreCountedTogetherAsync(server, number => $"198.51.100.{number}, 203.0.113.9"));
        Assert.True(await AreCountedTogetherAsync(server, number => $"198.51.100.{number}, 203.0.113.77, 192.0.2.1"));
    }

    [Fact]
    public async Task A_forwarded_address_from_an_unknown_proxy_is_ignored()
    {
        await using (var server = await ServerProcess.StartAsync(directory, KeyHolder.Environment(shop)))
            Assert.True(await AreCountedTogetherAsync(server, number => $"203.0.113.{number}"));

        await using var other = await ServerProcess.StartAsync(
            directory, KeyHolder.Environment(shop), "--known-proxies", "192.0.2.1");
        Assert.True(await AreCountedTogetherAsync(other, number => $"203.0.113.{number}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("proxy.example.com")]
    [InlineData("10.0.0.256")]
    [InlineData("10.1")]
    [InlineData("10.0.0.5/8")]
    [InlineData("10.0.0.0/33")]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    [InlineData("10.0.0.5;10.0.0.6")]
    public async Task Invalid_proxies_are_refused(string proxies) => await BadStart.RefusedAsync(
        directory,
        "--known-proxies (UniqueRandom__KnownProxies) must be IP addresses or networks like 10.0.0.5 or 10.1.0.0/16, "
        + $"separated by commas; it is '{proxies}'.",
        KeyHolder.Environment(shop),
        "--known-proxies",
        proxies);

    [Fact]
    public async Task A_list_of_proxies_is_refused()
    {
        var environment = KeyHolder.Environment(shop);
        environment.Add("UniqueRandom__KnownProxies__0", "10.0.0.5");

        await BadStart.RefusedAsync(directory, "--known-proxies (UniqueRandom__KnownProxies) must be IP addresses", environment);
    }

    /// <summary>Wrong codes are counted without keys, too.</summary>
    [Fact]
    public async Task A_forwarded_address_is_used_without_keys()
    {
        await using var server = await ServerProcess.StartAsync(
            directory, "--known-proxies", "127.0.0.1", "--wrong-codes-per-minute", "1");
        (await server.Client.DefinePoolAsync("v", """{"code":{"alphabet":"digits","length":6}}""")).Success(201);

        Assert.Equal((200, 429), (await LookUpAsync("203.0.113.1"), await LookUpAsync("203.0.113.1")));
        // Another address has its own bucket, unless it shares the first one by chance.
        var others = new List<int>();
        foreach (var other in (string[])["203.0.113.2", "198.51.100.1", "2001:db8::1"])
            others.Add(await LookUpAsync(other));
        Assert.Contains(200, others);

        Task<int> LookUpAsync(string forwardedFor) => SendAsync(server, "/pools/v/codes/000000", forwardedFor);
    }

    [Fact]
    public async Task The_setting_that_trusts_every_client_is_refused() => await BadStart.RefusedAsync(
        directory,
        "ASPNETCORE_FORWARDEDHEADERS_ENABLED would trust every client; name the proxies in --known-proxies.",
        new Dictionary<string, string> { ["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true" });

    /// <summary>Whether the failures exceed the limit of one address, so that they were counted together.</summary>
    private static async Task<bool> AreCountedTogetherAsync(ServerProcess server, Func<int, string> forwardedFor)
    {
        for (var failure = 1; failure <= 2 * FailureLimit.Failures; failure++)
        {
            if (await FailAsync(server, forwardedFor(failure)) == 429)
                return failure > FailureLimit.Failures / 2;
        }

        return false;
    }

    private static Task<int> FailAsync(ServerProcess server, string forwardedFor) => SendAsync(server, "/random", forwardedFor);

    private static async Task<int> SendAsync(ServerProcess server, string path, string forwardedFor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Forwarded-For", forwardedFor);
        return (await server.Client.SendRequestAsync(request)).Status;
    }
}
