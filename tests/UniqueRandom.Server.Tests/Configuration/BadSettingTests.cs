using System.Net.Sockets;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Configuration;

/// <summary>Invalid settings, which the server refuses with one line and without creating a file.</summary>
public sealed class BadSettingTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public Task A_minimum_above_the_maximum_is_refused() =>
        BadStart.RefusedAsync(directory, "minimum 5 is above maximum 4", "--minimum", "5", "--maximum", "4");

    [Theory]
    [InlineData("0", "2147483647", "2147483648 numbers")]
    [InlineData("-9223372036854775808", "9223372036854775807", "18446744073709551616 numbers")]
    public Task A_range_of_more_than_2147483647_numbers_is_refused(string minimum, string maximum, string expected) =>
        BadStart.RefusedAsync(directory, expected, "--minimum", minimum, "--maximum", maximum);

    [Theory]
    [InlineData("ten")]
    [InlineData("1.5")]
    [InlineData("1,000")]
    [InlineData("")]
    [InlineData("9223372036854775808")]
    public Task A_bound_that_is_not_an_integer_is_refused(string maximum) =>
        BadStart.RefusedAsync(
            directory,
            "--maximum (UniqueRandom__Maximum) must be an integer from -9223372036854775808 to 9223372036854775807; "
            + $"it is '{maximum}'",
            "--maximum", maximum);

    [Theory]
    [InlineData("0")]
    [InlineData("1000001")]
    public Task A_queue_capacity_out_of_range_is_refused(string capacity) =>
        BadStart.RefusedAsync(
            directory, "--queue-capacity (UniqueRandom__QueueCapacity) must be an integer from 1 to 1000000", "--queue-capacity",
            capacity);

    [Fact]
    public Task An_unknown_switch_is_refused_with_the_known_ones() =>
        BadStart.RefusedAsync(
            directory, "Unknown switch '--maximun'; allowed are --database, --mark, ", "--maximun", "7");

    [Fact]
    public Task A_switch_without_a_value_is_refused() => BadStart.RefusedAsync(directory, "--maximum", "--maximum");

    [Fact]
    public Task A_switch_given_twice_is_refused() =>
        BadStart.RefusedAsync(directory, "--maximum", "--maximum", "3", "--maximum", "4");

    [Fact]
    public Task An_unknown_setting_in_the_environment_is_refused() =>
        BadStart.RefusedAsync(
            directory, "Unknown setting 'UniqueRandom:Maximun'",
            new Dictionary<string, string> { ["UniqueRandom__Maximun"] = "7" });

    [Fact]
    public Task An_unknown_store_is_refused() =>
        BadStart.RefusedAsync(directory, "--store (UniqueRandom__Store)", "--store", "paper");

    [Theory]
    [InlineData("localhost")]
    [InlineData("http://127.0.0.1:-8000")]
    public Task An_invalid_address_is_refused(string url) => BadStart.RefusedAsync(directory, "--urls", "--urls", url);

    [Theory]
    [InlineData("Serilog__MinimumLevel__Default")]
    [InlineData("Serilog__WriteTo__0__Args__restrictedToMinimumLevel")]
    [InlineData("Serilog__WriteTo__0__Args__theme")]
    public Task A_setting_that_Serilog_cannot_use_is_refused(string setting) =>
        BadStart.RefusedAsync(directory, "Loud", new Dictionary<string, string> { [setting] = "Loud" });

    [Fact]
    public async Task Settings_that_are_not_JSON_are_refused()
    {
        await File.WriteAllTextAsync(
            directory.File("appsettings.json"), "{ \"UniqueRandom\": { \"Maximum\": }", TestContext.Current.CancellationToken);

        await BadStart.RefusedAsync(directory, "appsettings.json");
    }

    [Fact]
    public async Task Settings_that_cannot_be_read_are_refused()
    {
        // Not by their mode, which root ignores: the name of a socket can't be opened.
        using var folder = new TemporaryDirectory();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(folder.File("socket")));
        File.CreateSymbolicLink(directory.File("appsettings.json"), folder.File("socket"));
        await using var server = ServerProcess.Launch(directory);

        Assert.Equal(1, await server.ExitAsync());
        Assert.StartsWith("Can't read appsettings.json: ", Assert.Single(server.Errors));
    }
}
