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
    [InlineData(0)]
    [InlineData(25)]
    public void A_timeout_out_of_range_is_refused(int hours) =>
        Refuses("UniqueRandomClientOptions.AttemptTimeout must", options => options.AttemptTimeout = TimeSpan.FromHours(hours));

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
        using var http = new HttpClient { BaseAddress = server.Address };
        var client = new UniqueRandomClient(http);
        var number = await client.DrawOneAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.InRange(number, 1, ApiServer.DefaultSize);
    }

    private static void Refuses(string message, Action<UniqueRandomClientOptions> configure)
    {
        var error = Assert.Throws<OptionsValidationException>(() => new RegisteredClient(new Uri("http://localhost"), configure));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }
}
