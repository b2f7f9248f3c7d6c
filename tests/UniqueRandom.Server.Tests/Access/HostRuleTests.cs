using Microsoft.Extensions.Configuration;
using UniqueRandom.Server.Access;

namespace UniqueRandom.Server.Tests.Access;

/// <summary>The Host headers that each configuration accepts.</summary>
public sealed class HostRuleTests
{
    [Theory]
    [InlineData("localhost")]
    [InlineData("LocalHost:8000")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:65535")]
    [InlineData("127.255.255.254:80")]
    [InlineData("[::1]")]
    [InlineData("[::1]:8000")]
    [InlineData("[0:0:0:0:0:0:0:1]:8000")]
    public void Loopback_hosts_are_accepted_without_keys(string host)
    {
        Assert.True(WithoutKeys().Allows(host));
        Assert.True(Anonymous().Allows(host));
        Assert.False(WithKeys("numbers.example.com")!.Allows(host));
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("192.0.2.1:8000")]
    [InlineData("0.0.0.0:8000")]
    [InlineData("[2001:db8::1]:8000")]
    [InlineData("[fe80::1]")]
    // As browsers and as .NET write it.
    [InlineData("[::ffff:7f00:1]")]
    [InlineData("[::ffff:127.0.0.1]:8000")]
    public void Other_addresses_are_accepted_only_with_anonymous_access(string host)
    {
        Assert.False(WithoutKeys().Allows(host));
        Assert.True(Anonymous().Allows(host));
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example:8000")]
    [InlineData("127.0.0.1.")]
    [InlineData("127.1")]
    [InlineData("127.0.0.01")]
    [InlineData("0127.0.0.1")]
    [InlineData("0x7f.1")]
    [InlineData("0x7f000001")]
    [InlineData("2130706433")]
    [InlineData("[::1%1]")]
    [InlineData("[127.0.0.1]")]
    [InlineData("[localhost]")]
    [InlineData("[]")]
    [InlineData("[")]
    [InlineData("")]
    public void Names_and_unusual_addresses_are_refused_without_keys(string host)
    {
        Assert.False(WithoutKeys().Allows(host));
        Assert.False(Anonymous().Allows(host));
    }

    [Theory]
    [InlineData("numbers.example.com", true)]
    [InlineData("NUMBERS.example.com:8443", true)]
    [InlineData("a.intern.example", true)]
    [InlineData("a.b.intern.example", true)]
    [InlineData("intern.example", false)]
    [InlineData("xintern.example", false)]
    [InlineData("numbers.example.com.evil.example", false)]
    [InlineData("xn--mnchen-3ya.example", true)]
    [InlineData("example.com", false)]
    public void Configured_names_are_accepted(string host, bool isAccepted)
    {
        const string hosts = "numbers.example.com; *.intern.example;münchen.example";

        Assert.Equal(isAccepted, Anonymous(hosts).Allows(host));
        Assert.Equal(isAccepted, WithKeys(hosts)!.Allows(host));
    }

    [Fact]
    public void An_asterisk_accepts_every_host()
    {
        Assert.Null(HostRule.Read(Configure("*"), hasKeys: false, allowsAnonymous: true));
        Assert.Null(WithKeys("numbers.example.com;*"));
    }

    [Fact]
    public void With_keys_every_host_is_accepted() => Assert.Null(WithKeys(null));

    private static HostRule WithoutKeys() => HostRule.Read(Configure(null), hasKeys: false, allowsAnonymous: false)!;

    private static HostRule Anonymous(string? hosts = null) =>
        HostRule.Read(Configure(hosts), hasKeys: false, allowsAnonymous: true)!;

    private static HostRule? WithKeys(string? hosts) => HostRule.Read(Configure(hosts), hasKeys: true, allowsAnonymous: false);

    private static IConfiguration Configure(string? hosts) => new ConfigurationBuilder()
        .AddInMemoryCollection(hosts is null ? [] : [new(HostRule.Setting, hosts)])
        .Build();
}
