using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Access;

/// <summary>Without keys the server listens only on loopback, unless anonymous access is allowed.</summary>
public sealed class LoopbackTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly KeyHolder shop = new("shop", "draw");

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://*:0")]
    [InlineData("http://+:0")]
    [InlineData("http://192.0.2.1:0")]
    [InlineData("http://example.com:0")]
    [InlineData("http://localhost.example.com:0")]
    [InlineData("http://127.0.0.1.example.com:0")]
    public async Task An_address_other_than_loopback_is_refused_without_keys(string url)
    {
        await BadStart.RefusedAsync(directory, $"Other machines can reach {url}", "--urls", url);
        await BadStart.RefusedAsync(
            directory, "UniqueRandom:Keys, or allow it with --allow-anonymous", "--urls", $"http://127.0.0.1:0;{url}");
        await BadStart.RefusedAsync(directory, url, new Dictionary<string, string> { ["Kestrel__Endpoints__Public__Url"] = url });
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://127.1.2.3:0")]
    [InlineData("http://[::1]:0")]
    [InlineData("http://unix:{0}/server.sock")]
    public async Task A_loopback_address_is_accepted_without_keys(string url)
    {
        await using var server = ServerProcess.Launch(
            directory, "--maximum", "3", "--urls", string.Format(null, url, directory.Path));

        await server.LineAsync("Serving pool");

        Assert.Equal(0, await server.StopAsync());
    }

    [Fact]
    public async Task Empty_addresses_do_not_fall_back_to_the_environment()
    {
        var environment = new Dictionary<string, string> { ["ASPNETCORE_HTTP_PORTS"] = "0" };

        await BadStart.RefusedAsync(directory, "--urls (ASPNETCORE_URLS) must be addresses", environment, "--urls", "");
        await BadStart.RefusedAsync(directory, "--urls (ASPNETCORE_URLS) must be addresses", environment, "--urls", ";");
    }

    [Fact]
    public Task A_port_above_65535_is_refused() => BadStart.RefusedAsync(
        directory, "--urls (ASPNETCORE_URLS) must be addresses", "--urls", "http://127.0.0.1:65536");

    [Fact]
    public Task The_switch_allows_any_address() => AssertServesAsync([], "--urls", "http://0.0.0.0:0", "--allow-anonymous");

    [Fact]
    public Task The_environment_variable_allows_any_address() =>
        AssertServesAsync(
            new Dictionary<string, string> { ["UniqueRandom__AllowAnonymous"] = "true" }, "--urls", "http://0.0.0.0:0");

    [Fact]
    public async Task Keys_allow_any_address()
    {
        await using var server = await ServerProcess.StartAsync(
            directory, KeyHolder.Environment(shop), "--urls", "http://0.0.0.0:0");

        (await shop.DrawAsync(server)).Expect(200);
    }

    [Fact]
    public async Task Keys_and_anonymous_access_exclude_each_other()
    {
        await BadStart.RefusedAsync(
            directory, "--allow-anonymous (UniqueRandom__AllowAnonymous) contradicts the keys", KeyHolder.Environment(shop),
            "--allow-anonymous");

        var environment = KeyHolder.Environment(shop);
        environment.Add("UniqueRandom__AllowAnonymous", "True");
        await BadStart.RefusedAsync(directory, "contradicts the keys in UniqueRandom:Keys", environment);
    }

    [Fact]
    public async Task The_switch_takes_no_value_and_its_setting_is_true_or_false()
    {
        await BadStart.RefusedAsync(directory, "'false'", "--allow-anonymous", "false");
        await BadStart.RefusedAsync(directory, "'false'", "--allow-anonymous=false");
        await BadStart.RefusedAsync(
            directory,
            "--allow-anonymous (UniqueRandom__AllowAnonymous) must be true or false; it is 'maybe'",
            new Dictionary<string, string> { ["UniqueRandom__AllowAnonymous"] = "maybe" });
    }

    private async Task AssertServesAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        await using var server = await ServerProcess.StartAsync(directory, environment, arguments);
        Assert.Contains("number", await server.Client.GetStringAsync("/random", TestContext.Current.CancellationToken));
    }
}
