using System.Globalization;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>The programs of Redis: redis-cli and redis-benchmark.</summary>
public sealed class RedisProgramTests(RedisApiServer server) : IClassFixture<RedisApiServer>
{
    [Fact]
    public async Task Redis_cli_draws_and_shows_errors()
    {
        var pool = await server.CreatePoolAsync(10);
        Assert.Equal("PONG", await RunAsync("PING"));
        Assert.Equal("10", await RunAsync("SCARD", pool));
        var numbers = new List<string> { await RunAsync("SPOP", pool) };
        numbers.AddRange((await RunAsync("SPOP", pool, "3")).Split('\n'));
        numbers.AddRange((await RunAsync("-3", "SPOP", pool, "3")).Split('\n'));
        var draw = await RunAsync("UR.DRAW", pool, "3", "redis-cli", "a reference");
        numbers.AddRange(draw.Split('\n')[..3]);
        Assert.Equal(Enumerable.Range(1, 10), numbers.Select(number => int.Parse(number, CultureInfo.InvariantCulture)).Order());

        Assert.EndsWith("\n0", draw, StringComparison.Ordinal);
        Assert.Equal($"{draw[..^1]}1", await RunAsync("UR.DRAW", pool, "3", "redis-cli", "a reference"));
        Assert.Equal("", await RunAsync("SPOP", pool));
        Assert.StartsWith("ERR pool-exhausted: ", await RunAsync("SPOP", pool, "1"), StringComparison.Ordinal);
        Assert.StartsWith("# Server\r\nredis_version:", await RunAsync("INFO"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redis_cli_authenticates_with_a_key()
    {
        using var directory = new TemporaryDirectory();
        var shop = new KeyHolder("shop", "draw");
        await using var redis = await RedisProcess.StartAsync(directory, KeyHolder.Environment(shop), "--maximum", "10");
        foreach (var arguments in (string[][])[["-a", shop.Key], ["--user", "shop", "--pass", shop.Key], ["-3", "-a", shop.Key]])
        {
            var number = await RunAsync(redis.Port, [.. arguments, "--no-auth-warning", "SPOP", "default"]);
            Assert.InRange(int.Parse(number, CultureInfo.InvariantCulture), 1, 10);
        }

        Assert.StartsWith("NOAUTH ", await RunAsync(redis.Port, "SPOP", "default"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redis_cli_shows_the_help_of_the_server_and_reads_commands_from_a_file()
    {
        Skip("redis-cli");
        var pool = await server.CreatePoolAsync(5000);
        var answers = await Command.RunAsync(
            "bash", "-c", $"(echo help spop; for i in $(seq 3000); do echo SPOP {pool}; done) | redis-cli -p {server.Port}");

        Assert.Contains("SPOP pool [count]", answers, StringComparison.Ordinal);
        Assert.Equal(3000, answers.Split('\n').Where(line => int.TryParse(line, out _)).Distinct().Count());
        Assert.Equal(3000, await server.Client.DrawnAsync(pool));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("64")]
    public async Task Redis_benchmark_draws_as_many_numbers_as_it_counts(string pipelined)
    {
        Skip("redis-benchmark");
        var pool = await server.CreatePoolAsync(50_000);

        var result = await Command.RunAsync(
            "redis-benchmark", "-p", Text(server.Port), "-n", "20000", "-c", "50", "-P", pipelined, "--csv", "SPOP", pool);

        Assert.Contains("\"SPOP pool-", result, StringComparison.Ordinal);
        // The last pipelines may be sent whole.
        var drawn = await server.Client.DrawnAsync(pool);
        Assert.InRange(drawn, 20_000, 20_000 + 50 * 64);
        Assert.Equal(drawn, (await server.Client.FetchAsync($"/pools/{pool}/draws")).Lines.NumbersFrom(0).Length);
    }

    private Task<string> RunAsync(params IReadOnlyList<string> arguments) => RunAsync(server.Port, arguments);

    private static async Task<string> RunAsync(int port, params IReadOnlyList<string> arguments)
    {
        Skip("redis-cli");
        return (await Command.RunAsync("redis-cli", ["-p", Text(port), .. arguments])).TrimEnd('\n');
    }

    private static void Skip(string program) => Assert.SkipUnless(
        File.Exists($"/usr/bin/{program}"), $"{program} is not installed (apt-get install redis-tools).");

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
