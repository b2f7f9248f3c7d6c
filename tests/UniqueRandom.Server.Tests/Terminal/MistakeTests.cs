using System.Net;
using System.Net.Sockets;

namespace UniqueRandom.Server.Tests.Terminal;

/// <summary>Command lines that are not valid: one line, exit code 2, and no server is called.</summary>
public sealed class MistakeTests
{
    public static TheoryData<string, string> Mistakes => new()
    {
        { "draw --count 0", "--count must be an integer from 1 to 10000; it is '0'." },
        { "draw --count 10001", "--count must be an integer from 1 to 10000; it is '10001'." },
        { "draw --count 9223372036854775808", "--count must be an integer" },
        { "draw --count", "Required argument missing for option: '--count'." },
        { "draw --cout 3", "Unknown switch '--cout'; allowed are POOL, --count, " },
        { "draw a b", "Unknown argument 'b'; allowed are POOL, --count, " },
        { "draw A", "POOL is not a valid name of a pool; use 1 to 64 of the characters a-z 0-9 - _; it is 'A'." },
        { "draw --key secret", "Unknown switch '--key'" },
        { "draw --reference \u0007", "--reference must have 1 to 255 characters without control characters, and not be skipped" },
        { "draw --idempotency-key é", "--idempotency-key must have 1 to 255 visible ASCII characters; it is 'é'." },
        { "draw --timeout 0", "--timeout must be an integer from 1 to 86400; it is '0'." },
        { "draw --url numbers.example.com", "--url must be an address such as https://numbers.example.com" },
        { "draw --url ftp://127.0.0.1", "--url must be an address" },
        { "show --verbose", "Unknown switch '--verbose'" },
        { "lookup default", "Required argument 'NUMBER|CODE' missing for command: 'lookup'." },
        { "lookup default --x", "Unknown switch '--x'" },
        { "lookup default x --number", "'x' must be an integer" },
        { "create raffle", "--maximum is required for a pool without codes." },
        { "create raffle --code digit --code-length 3", "--code must be crockford32, digits, hex, letters, no-vowels, or 2 to" },
        { "create raffle --code digits", "--code needs --code-length; say how long a code is." },
        { "create raffle --maximum 9 --code-check", "--code-check needs --code; name an alphabet." },
        { "create raffle --code 012 --code-length 3 --code-check", "--code-check needs an alphabet of an even size; this one" },
        { "create raffle --code hex --code-length 20", "--code-length must be from 1 to 15 for an alphabet of 16 characters." },
        { "create raffle --code hex --code-length 4 --code-group 5", "--code-group must be from 0 to 4, the length." },
        { "create raffle --code hex --code-length 4 --code-prefix a/b", "--code-prefix must have at most 32 visible ASCII" },
        { "create raffle --code digits --code-length 3 --maximum 1000", "numbers without a code" },
        { "create raffle --minimum 5 --maximum 4", "minimum 5 is above maximum 4" },
        { "create raffle --maximum 99999999999", "a pool with a stored order has at most 2147483647" },
        { "create raffle --maximum 10 --order computed", "a pool with a computed order has at least 1000000" },
        { "create raffle --maximum 10 --order random", "--order must be stored or computed; it is 'random'" },
        { "export --format xml", "--format must be jsonl or csv; it is 'xml'." },
        { "export --after -1", "--after must be an integer from 0 to" },
        { "verify default --commitment 00", "--commitment must have 64 hexadecimal digits; it is '00'." },
        { "verify", "Required argument 'POOL' missing for command: 'verify'." },
        { "completion zsh", "SHELL must be bash; it is 'zsh'." },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_is_explained(string commandLine, string expected)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        var run = await Run.OfAsync(new Uri($"http://{listener.LocalEndpoint}"), commandLine.Split(' '));

        Assert.Contains(expected, run.Failed(2));
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task An_address_in_the_environment_is_checked_as_well() => Assert.Equal(
        "UNIQUERANDOM_URL must be an address such as https://numbers.example.com; it is 'localhost'.",
        (await Run.OfAsync(new Dictionary<string, string> { ["UNIQUERANDOM_URL"] = "localhost" }, "draw")).Failed(2));
}
