using System.Net;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using UniqueRandom.Server.Access;
using UniqueRandom.Server.Configuration;
using UniqueRandom.Server.Webhooks;
using UniqueRandom.Testing.Search;

namespace UniqueRandom.Server.Tests.Configuration;

/// <summary>Damaged settings: each is refused in a message for the operator, or has what it says.</summary>
public sealed class DamagedSettingTests(ITestOutputHelper output)
{
    [Fact]
    public Task Addresses_for_HTTP() => InputSearch.RunAsync(
        Gen.OneOf(
            "http://127.0.0.1:8000", "http://localhost:8000;http://[::1]:8001", "https://*:443", "http://unix:/run/numbers.sock",
            "http://10.0.0.1:80/").Mutated(),
        text => Accepts(() =>
        {
            var configuration = Configure("Urls", text);
            var urls = ListenAddresses.Split(ListenAddresses.Read(configuration));
            Assert.All(urls, url => Assert.InRange(ListenAddresses.Parse(url)!.Port, 0, IPEndPoint.MaxPort));
            _ = ListenAddresses.FindSame(urls, new IPEndPoint(IPAddress.Loopback, 8000));
        }),
        output);

    [Fact]
    public Task Addresses_for_metrics() => InputSearch.RunAsync(
        Gen.OneOf("http://127.0.0.1:9464", "http://localhost:9464;http://[::1]:9465", "http://*:9464").Mutated(),
        text => Accepts(() => Assert.All(
            MetricsAddresses.Read(Configure("UniqueRandom:MetricsUrls", text)),
            url => Assert.InRange(MetricsAddresses.PortOf(url)!.Value, 1, IPEndPoint.MaxPort))),
        output);

    [Fact]
    public Task Addresses_for_Redis() => InputSearch.RunAsync(
        Gen.OneOf("127.0.0.1:6379", "localhost:6379;redis://[::1]:6379", "redis://0.0.0.0:6379/").Mutated(),
        text => Accepts(() =>
        {
            foreach (var endpoint in RedisAddresses.Read(Configure("UniqueRandom:RedisUrls", text)))
            {
                var (port, written) = endpoint is IPEndPoint address
                    ? (address.Port, RedisAddresses.ToText(address))
                    : (((DnsEndPoint)endpoint).Port, RedisAddresses.ToText(endpoint));
                Assert.InRange(port, 1, IPEndPoint.MaxPort);
                Assert.Equal(endpoint, RedisAddresses.Read(Configure("UniqueRandom:RedisUrls", written))[0]);
            }
        }),
        output);

    [Fact]
    public Task Known_proxies() => InputSearch.RunAsync(
        Gen.OneOf("10.0.0.5", "10.1.0.0/16,2001:db8::1", "192.168.0.0/24 fd00::/8", "::1").Mutated(),
        text => Accepts(() =>
        {
            var configuration = Configure("UniqueRandom:KnownProxies", text);
            var proxies = KnownProxies.Read(configuration, new Settings(configuration))!;
            Assert.NotEqual(0, proxies.KnownProxies.Count + proxies.KnownIPNetworks.Count);
            // All addresses of the internet are no network of proxies.
            Assert.All(proxies.KnownIPNetworks, network => Assert.InRange(network.PrefixLength, 1, 128));
        }),
        output);

    [Fact]
    public Task Allowed_hosts() => InputSearch.RunAsync(
        Gen.OneOf("numbers.example.com", "*.example.com; münchen.example", "*", "10.0.0.1;[::1]").Mutated(),
        text => Accepts(() =>
            _ = HostRule.Read(Configure(HostRule.Setting, text), hasKeys: true, allowsAnonymous: false)?.Allows("a.example.com")),
        output);

    [Fact]
    public Task Hosts_of_requests_without_keys()
    {
        var rule = HostRule.Read(new ConfigurationBuilder().Build(), hasKeys: false, allowsAnonymous: false)!;
        return InputSearch.RunAsync(
            Gen.OneOf("localhost:8000", "127.0.0.1", "127.1.2.3:80", "[::1]:8000", "[0:0:0:0:0:0:0:1]", "evil.example").Mutated(),
            host =>
            {
                var isAllowed = rule.Allows(host);
                var name = new HostString(host).Host;
                Assert.True(
                    !isAllowed || name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                    || IPAddress.IsLoopback(IPAddress.Parse(name.Trim('[', ']'))), $"{host} is allowed.");
                return isAllowed;
            },
            output);
    }

    [Fact]
    public Task Hashes_of_keys() => InputSearch.RunAsync(
        Gen.OneOf(new string('a', 64), new string('0', 63) + "F").Mutated(),
        text => Accepts(() =>
        {
            var settings = Configure("UniqueRandom:Keys:shop:Sha256", text, ("UniqueRandom:Keys:shop:Roles", "draw"));
            Assert.Equal(text, Convert.ToHexString(KeySettings.Read(settings, 1000)[0].Hash), ignoreCase: true);
        }),
        output);

    [Fact]
    public Task Names_and_roles_of_keys() => InputSearch.RunAsync(
        Gen.OneOf("shop=draw", "ops=admin,draw", "a-1=draw admin").Mutated(),
        text => Accepts(() =>
        {
            var name = text.Split('=')[0];
            var roles = text.Length > name.Length ? text[(name.Length + 1)..] : "";
            var section = $"UniqueRandom:Keys:{name}";
            var keys = KeySettings.Read(Configure($"{section}:Sha256", new string('a', 64), ($"{section}:Roles", roles)), 1000);
            Assert.Equal(name, Assert.Single(keys).Name);
            Assert.All(Role.All, role => Assert.Equal(roles.Split(',', ' ').Contains(role), keys[0].Has(role)));
        }),
        output);

    [Fact]
    public Task Secrets_of_webhooks()
    {
        const string valid = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        return InputSearch.RunAsync(
            Gen.OneOf(valid, "whsec_" + new string('A', 32), "whsec_" + new string('/', 84) + "==").Mutated(),
            text => Accepts(() => _ = WebhookSettings.Read(
                Configure("UniqueRandom:Webhooks:ops:Url", "https://example.com", ("UniqueRandom:Webhooks:ops:Secret", text)))[0]
                .Secrets[0].Sign("id", "1", "{}"u8)),
            output);
    }

    [Fact]
    public Task Addresses_of_webhooks() => InputSearch.RunAsync(
        Gen.OneOf("https://example.com/events", "https://hooks.example.com:8443/a?b=c", "https://[2001:db8::1]/").Mutated(),
        text => Accepts(() =>
        {
            var webhook = WebhookSettings.Read(Configure(
                "UniqueRandom:Webhooks:ops:Url", text,
                ("UniqueRandom:Webhooks:ops:Secret", "whsec_" + new string('A', 32))))[0];
            Assert.Equal(("https", "", ""), (webhook.Url.Scheme, webhook.Url.UserInfo, webhook.Url.Fragment));
        }),
        output);

    private static bool Accepts(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (StartException error)
        {
            Assert.NotEmpty(error.Message);
            return false;
        }
    }

    private static IConfiguration Configure(string key, string value, params ReadOnlySpan<(string Key, string Value)> others)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { [key] = value };
        foreach (var (other, text) in others)
            settings[other] = text;
        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
    }
}
