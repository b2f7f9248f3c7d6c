using System.Security.Cryptography;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Terminal;

/// <summary>Pools that are created with the numbers of a file.</summary>
public sealed class ImportTests(ApiServer server) : IClassFixture<ApiServer>, IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private string Numbers => directory.File("numbers.txt");

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task The_numbers_of_a_file_are_imported_and_verified()
    {
        await File.WriteAllTextAsync(Numbers, "\uFEFF42\r\n\r\n 7\n-5");
        string[] create = ["create", "imported", "--minimum", "-5", "--maximum", "94", "--import", Numbers];
        var lines = (await RunAsync(create)).Done();
        Assert.Contains("Imported    3 (3.0 %)", lines);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData("-5\n7\n42\n"u8));
        Assert.Contains($"SHA-256     {sha256}", lines);
        Assert.Contains("Left        97", lines);
        Assert.Equal(lines, (await RunAsync(create)).Done());
        Assert.Contains("can't be changed", (await RunAsync(create[..^2])).Failed(3));

        var line = Assert.Single((await RunAsync("lookup", "imported", "7")).Done(), text => text.StartsWith("Reference"));
        Assert.EndsWith(" imported", line);
        await server.Client.DrawAsync("imported", 20);
        await server.Client.ClosePoolAsync("imported");
        var verified = Assert.Single((await RunAsync("verify", "imported")).Done());
        Assert.Contains(", 23 numbers at positions 0 to 22 of -5..94.", verified);
    }

    [Theory]
    [InlineData("7\n8\n7\n", "line 3 repeats the number 7.")]
    [InlineData("101", "line 1 is not a number from 1 to 100.")]
    [InlineData("7\n\nseven", "line 3 is not an integer, such as 42.")]
    [InlineData("\n", "it has no numbers.")]
    public async Task A_line_that_can_not_be_imported_is_named_before_a_server_is_called(string numbers, string reason)
    {
        await File.WriteAllTextAsync(Numbers, numbers);
        Assert.Equal(
            $"Can't import '{Numbers}': {reason}",
            (await RunAsync("create", "refused", "--maximum", "100", "--import", Numbers)).Failed(2));
        (await server.Client.FetchAsync("/pools/refused")).Expect(404);
    }

    [Fact]
    public async Task A_file_that_can_not_be_read_and_a_computed_order_are_refused()
    {
        Assert.StartsWith(
            $"Can't import '{Numbers}': Could not find file",
            (await RunAsync("create", "refused", "--maximum", "100", "--import", Numbers)).Failed(2));
        Assert.Equal(
            "--import needs a stored order.",
            (await RunAsync(
                "create", "refused", "--maximum", "1000000", "--order", "computed", "--import", Numbers)).Failed(2));
    }

    private Task<Run> RunAsync(params string[] arguments) => Run.OfAsync(server.Address, arguments);
}
