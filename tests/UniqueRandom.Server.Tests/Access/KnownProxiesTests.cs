using UniqueRandom.Server.Access;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Access;

/// <summary>Whose word is taken for a client's address.</summary>
public sealed class KnownProxiesTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly KeyHolder shop = new("shop", "draw");

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_forwarded_address_counts_when_a_known_proxy_sends_it()
    {
        await using var server = await ServerProcess.StartAsync(
            directory, KeyHolder.Environment(shop), "--known-proxies", "192.0.2.1, 127.0.0.0/8");
        Assert.True(await IsRefusedInTheEndAsync(server, _ => "203.0.113.1"));

        // Others have buckets of their own; by chance one of them may share the first one's.
        var others = new List<int>();
        foreach (var other in (string[])["203.0.113.2", "198.51.100.1", "2001:db8::1"])
            others.Add(await FailAsync(server, other));
        Assert.Contains(401, others);

        // What a client itself puts into the header stands before what the proxies add.
        Assert.True(await IsRefusedInTheEndAsync(server, number => $"198.51.100.{number}, 203.0.113.9"));
        Assert.True(await IsRefusedInTheEndAsync(server, number => $"198.51.100.{number}, 203.0.113.77, 192.0.2.1"));
    }

    [Fact]
    public async Task A_forwarded_address_is_not_believed_otherwise()
    {
        await using (var server = await ServerProcess.StartAsync(directory, KeyHolder.Environment(shop)))
            Assert.True(await IsRefusedInTheEndAsync(server, number => $"203.0.113.{number}"));

        await using var other = await ServerProcess.StartAsync(
            directory, KeyHolder.Environment(shop), "--known-proxies", "192.0.2.1");
        Assert.True(await IsRefusedInTheEndAsync(other, number => $"203.0.113.{number}"));
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
    public async Task Proxies_that_are_none_are_refused(string proxies) => await BadStart.RefusedAsync(
        directory,
        "--known-proxies (UniqueRandom__KnownProxies) must be IP addresses or networks like 10.0.0.5 or 10.1.0.0/16, separated "
        + $"by commas; it is '{proxies}'.",
        KeyHolder.Environment(shop),
        "--known-proxies",
        proxies);

    [Fact]
    public async Task Proxies_in_a_list_are_refused()
    {
        var environment = KeyHolder.Environment(shop);
        environment.Add("UniqueRandom__KnownProxies__0", "10.0.0.5");

        await BadStart.RefusedAsync(directory, "--known-proxies (UniqueRandom__KnownProxies) must be IP addresses", environment);
    }

    [Fact]
    public async Task Proxies_without_effect_are_refused() => await BadStart.RefusedAsync(
        directory,
        "--known-proxies (UniqueRandom__KnownProxies) needs UniqueRandom:Keys; without keys",
        "--known-proxies",
        "10.0.0.5");

    [Fact]
    public async Task The_setting_that_trusts_every_client_is_refused() => await BadStart.RefusedAsync(
        directory,
        "ASPNETCORE_FORWARDEDHEADERS_ENABLED would trust every client; name the proxies in --known-proxies.",
        new Dictionary<string, string> { ["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true" });

    /// <summary>Whether so many failures are refused that all of them must have been counted together.</summary>
    private static async Task<bool> IsRefusedInTheEndAsync(ServerProcess server, Func<int, string> forwardedFor)
    {
        for (var failure = 1; failure <= 2 * FailureLimit.Failures; failure++)
        {
            if (await FailAsync(server, forwardedFor(failure)) == 429)
                return failure > FailureLimit.Failures / 2;
        }

        return false;
    }

    private static async Task<int> FailAsync(ServerProcess server, string forwardedFor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/random")
        {
            Headers = { { "X-Forwarded-For", forwardedFor } },
        };
        return (await server.Client.AskAsync(request)).Status;
    }
}
