using System.Net;
using System.Net.Sockets;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>The addresses of <c>--redis-urls</c>.</summary>
public sealed class AddressTests : IDisposable
{
    private const string Port = "does not end with a port from 1 to 65535";
    private const string Host = "has a host that is not localhost, an IPv4 address, or an IPv6 address in brackets";

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData(";")]
    [InlineData("6379", Port)]
    [InlineData("127.0.0.1", Port)]
    [InlineData("127.0.0.1:", Port)]
    [InlineData("127.0.0.1:0", Port)]
    [InlineData("127.0.0.1:65536", Port)]
    [InlineData("127.0.0.1:-1", Port)]
    [InlineData("127.0.0.1:6379/0", Port)]
    [InlineData("::1:6379", Host)]
    [InlineData("[::1]", Port)]
    [InlineData("example.com:6379", Host)]
    [InlineData("*:6379", Host)]
    [InlineData("http://127.0.0.1:6379", "has another scheme than redis")]
    [InlineData("redis://user@127.0.0.1:6379", Host)]
    [InlineData("127.0.0.1:6379;nonsense", Port)]
    public Task An_invalid_address_is_refused(string addresses, string? error = null) => BadStart.RefusedAsync(
        directory,
        "--redis-urls (UniqueRandom__RedisUrls) must be addresses with a port like 127.0.0.1:6379 or localhost:6379, separated "
        + $"by semicolons{(error is null ? "" : $": '{addresses.Split(';')[^1]}' {error}")}; it is '{addresses}'.",
        "--redis-urls", addresses);

    [Theory]
    [InlineData("0.0.0.0:6379", "redis://0.0.0.0:6379")]
    [InlineData("[::]:6379", "redis://[::]:6379")]
    [InlineData("192.0.2.1:6379", "redis://192.0.2.1:6379")]
    [InlineData("127.0.0.1:6379;redis://0.0.0.0:6380", "redis://0.0.0.0:6380")]
    public Task An_address_other_than_loopback_is_refused_without_keys(string addresses, string refused) => BadStart.RefusedAsync(
        directory,
        $"Other machines can reach {refused}, and could draw without a key; configure UniqueRandom:Keys, or allow it with "
        + "--allow-anonymous.",
        "--redis-urls", addresses);

    [Fact]
    public async Task Keys_or_a_switch_allow_any_address()
    {
        var port = LoopbackPort.Take();
        await using (var server = await ServerProcess.StartAsync(
            directory, "--redis-urls", $"0.0.0.0:{port}", "--allow-anonymous", "--maximum", "10"))
        {
            using var client = await RespClient.ConnectAsync(port);
            Assert.InRange((await client.CallAsync("SPOP", "default")).Number, 1, 10);
        }

        var keys = KeyHolder.Environment(new KeyHolder("shop", "draw"));
        await using var next = await ServerProcess.StartAsync(
            directory, keys, "--redis-urls", $"0.0.0.0:{port}", "--maximum", "10");
        using var stranger = await RespClient.ConnectAsync(port);
        (await stranger.CallAsync("SPOP", "default")).Error("NOAUTH ");
    }

    [Fact]
    public async Task Several_addresses_are_served()
    {
        int[] ports = [LoopbackPort.Take(), LoopbackPort.Take()];
        await using var server = await ServerProcess.StartAsync(
            directory, new Dictionary<string, string>
            {
                ["UniqueRandom__RedisUrls"] = $"127.0.0.1:{ports[0]}; redis://localhost:{ports[1]}/",
            });
        foreach (var port in ports)
        {
            using var client = await RespClient.ConnectAsync(port);
            Assert.Equal("+PONG", $"{await client.CallAsync("PING")}");
        }
    }

    [Fact]
    public async Task Without_the_setting_no_port_is_opened()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "10");
        // Kestrel answers commands of Redis like any other junk.
        using var client = await RespClient.ConnectAsync(server.Address.Port);
        await client.SendAsync(RespClient.Encode("SPOP", "default"));
        Assert.StartsWith("HTTP/1.1 400", await client.ReceiveToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await server.Client.DrawnAsync("default"));
    }

    [Fact]
    public async Task A_port_in_use_is_refused_before_any_file_is_changed()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var (address, free) = ($"{taken.LocalEndpoint}", RedisProcess.AddressOf(LoopbackPort.Take()));
        var localhost = address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

        foreach (var (name, addresses) in ((string, string)[])[
            (address, address), (localhost, localhost), (address, $"{free};{address}"), (localhost, $"{free};{localhost}")])
        {
            await BadStart.RefusedAsync(
                directory,
                $"Can't listen on redis://{name}: address already in use; choose another address with --redis-urls.",
                "--redis-urls", addresses);
        }
    }

    [Theory]
    [InlineData("127.0.0.1:6379;redis://127.0.0.1:6379/", "must not name redis://127.0.0.1:6379 twice")]
    [InlineData("localhost:6379;[::1]:6379;LOCALHOST:6379", "must not name redis://localhost:6379 twice")]
    [InlineData("127.0.0.1:6379;127.0.0.1:8000", "must not name http://127.0.0.1:8000 of --urls")]
    [InlineData("[::1]:8001", "must not name http://[::1]:8001 of --urls")]
    [InlineData("localhost:80", "must not name http://LOCALHOST of --urls")]
    public Task An_address_given_twice_is_refused(string addresses, string rule) => BadStart.RefusedAsync(
        directory,
        $"--redis-urls (UniqueRandom__RedisUrls) {rule}; it is '{addresses}'.",
        "--redis-urls", addresses, "--urls", "http://127.0.0.1:8000;http://[::1]:8001;http://LOCALHOST");

    [Fact]
    public Task An_address_of_an_endpoint_of_Kestrel_is_refused() => BadStart.RefusedAsync(
        directory,
        "must not name http://127.0.0.1:8000 of Kestrel:Endpoints",
        new Dictionary<string, string> { ["Kestrel__Endpoints__Main__Url"] = "http://127.0.0.1:8000" },
        "--redis-urls", "127.0.0.1:8000");
}
