using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using UniqueRandom.Client.Tests.Fixtures;
using UniqueRandom.Testing.Fixtures;

namespace UniqueRandom.Client.Tests.Registration;

public sealed class OptionsTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Theory]
    [InlineData(null)]
    [InlineData("/numbers")]
    [InlineData("ftp://numbers.example.com")]
    [InlineData("http://numbers.example.com?key=value")]
    public void An_address_that_is_none_is_refused(string? address) => Refuses(
        "Set UniqueRandomClientOptions.BaseAddress",
        options => options.BaseAddress = address is null ? null : new Uri(address, UriKind.RelativeOrAbsolute));

    [Theory]
    [InlineData("")]
    [InlineData("line\r\nX: y")]
    public void A_key_that_no_header_can_have_is_refused(string key) =>
        Refuses("UniqueRandomClientOptions.AccessKey must", options => options.AccessKey = key);

    [Theory]
    [InlineData("00:00:00")]
    [InlineData("00:00:00.009")]
    [InlineData("1.00:00:01")]
    public void A_timeout_out_of_range_is_refused(string timeout) => Refuses(
        "UniqueRandomClientOptions.AttemptTimeout must",
        options => options.AttemptTimeout = TimeSpan.Parse(timeout, CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("00:00:00.010")]
    [InlineData("1.00:00:00")]
    public async Task A_timeout_in_range_is_used(string timeout)
    {
        using var registered = new RegisteredClient(
            server.Address, options => options.AttemptTimeout = TimeSpan.Parse(timeout, CultureInfo.InvariantCulture));
        await registered.Client.GetPoolAsync("default", TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("http://localhost", "http://localhost/")]
    [InlineData("https://example.com/numbers", "https://example.com/numbers/")]
    [InlineData("https://example.com/numbers/", "https://example.com/numbers/")]
    public void A_path_in_the_address_is_the_prefix_of_all_routes(string address, string expected)
    {
        using var registered = new RegisteredClient(new Uri(address));
        using var http = registered.NewHttpClient();
        Assert.Equal(expected, http.BaseAddress!.AbsoluteUri);
    }

    [Fact]
    public async Task A_client_without_services_sends_each_request_once()
    {
        using var responses = new ScriptedResponses(
            ScriptedResponses.Problem(HttpStatusCode.ServiceUnavailable, ProblemTypes.DrawInDoubt));
        using var http = new HttpClient(responses) { BaseAddress = server.Address };
        var client = new UniqueRandomClient(http);
        var error = await Assert.ThrowsAsync<UniqueRandomException>(
            () => client.DrawOneAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(ProblemTypes.DrawInDoubt, error.Type);
        Assert.Equal(Assert.Single(responses.Requests).Key, error.IdempotencyKey);
    }

    [Fact]
    public async Task A_client_without_services_draws()
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        var number = await new UniqueRandomClient(http).DrawOneAsync(
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.InRange(number, 1, ApiServer.DefaultSize);
    }

    [Theory]
    [InlineData("http://localhost", "http://localhost/health")]
    [InlineData("http://localhost/numbers", "http://localhost/numbers/health")]
    [InlineData("http://localhost/numbers/", "http://localhost/numbers/health")]
    public async Task A_client_without_services_keeps_the_path_of_its_base_address(string address, string expected)
    {
        using var responses = new ScriptedResponses((HttpStatusCode.OK, "application/json", "{}"));
        using var http = new HttpClient(responses) { BaseAddress = new Uri(address) };
        Assert.True(await new UniqueRandomClient(http).IsAliveAsync(TestContext.Current.CancellationToken));
        Assert.Equal(expected, Assert.Single(responses.Addresses).AbsoluteUri);
    }

    private static void Refuses(string message, Action<UniqueRandomClientOptions> configure)
    {
        var error = Assert.Throws<OptionsValidationException>(() => new RegisteredClient(new Uri("http://localhost"), configure));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }
}
