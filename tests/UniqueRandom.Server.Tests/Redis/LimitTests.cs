using UniqueRandom.Server.Access;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>The limits that the Redis protocol shares with HTTP: the rate of a key, and failures of an address.</summary>
public sealed class LimitTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Commands_and_requests_of_a_key_share_its_rate()
    {
        KeyHolder slow = new("slow", "draw", "50"), other = new("other", "draw");
        await using var redis = await RedisProcess.StartAsync(
            directory, KeyHolder.Environment(slow, other), "--maximum", "10000");
        using var client = await redis.ConnectAsync();
        Assert.Equal("+OK", $"{await client.CallAsync("AUTH", slow.Key)}");

        await client.SendAsync(
            (byte[])[.. RespClient.Repeat(200, "SPOP", "default", "2"), .. RespClient.Repeat(200, "PING")]);
        var answers = await client.NextAsync(400);

        // Commands are counted, not numbers. The bucket is filled again while a slow machine answers.
        Assert.InRange(answers[..200].Count(answer => answer.Type == '*'), 50, 150);
        // Clients send commands without a pool when they connect, which must be possible at the limit.
        Assert.All(answers[200..], answer => Assert.Equal("+PONG", $"{answer}"));
        Assert.All(
            answers.Where(answer => answer.Type == '-'),
            error => error.Error("ERR too-many-requests: Nothing was changed or drawn. Retry in a second."));
        Assert.Equal("+OK", $"{await client.CallAsync("AUTH", other.Key)}");
        Assert.Equal("+PONG", $"{await client.CallAsync("PING")}");
        (await other.DrawAsync(redis.Server)).Expect(200);
    }

    [Fact]
    public async Task A_key_that_has_reached_its_rate_over_one_protocol_is_refused_over_the_other()
    {
        // So slow that no request is allowed again before the next one is sent.
        KeyHolder commanding = new("commanding", "draw", "1"), requesting = new("requesting", "draw", "1");
        await using var redis = await RedisProcess.StartAsync(
            directory, KeyHolder.Environment(commanding, requesting), "--maximum", "10000");
        using var client = await redis.ConnectAsync();

        Assert.Equal("+OK", $"{await client.CallAsync("AUTH", commanding.Key)}");
        await AssertAsync(
            async () => (await client.CallAsync("SPOP", "default")).Type == '$',
            async () => (await commanding.DrawAsync(redis.Server)).Status == 429);
        Assert.Equal("+OK", $"{await client.CallAsync("AUTH", requesting.Key)}");
        await AssertAsync(
            async () => (await requesting.DrawAsync(redis.Server)).Status == 200,
            async () => (await client.CallAsync("SPOP", "default")).Type == '-');

        // The second one of a pair can be sent after the next second has begun, but not always.
        static async Task AssertAsync(Func<Task<bool>> isAllowed, Func<Task<bool>> isRefused)
        {
            var refused = 0;
            for (var pair = 0; pair < 3; pair++)
            {
                await Eventually.TrueAsync(isAllowed, "the rate allows the next one");
                refused += await isRefused() ? 1 : 0;
            }

            Assert.InRange(refused, 1, 3);
        }
    }

    [Fact]
    public async Task Failures_of_an_address_are_limited_over_both_protocols_and_a_valid_key_never_is()
    {
        var shop = new KeyHolder("shop", "draw");
        await using var redis = await RedisProcess.StartAsync(directory, KeyHolder.Environment(shop), "--maximum", "10000");
        using var valid = await redis.ConnectAsync();
        for (var i = 0; i < FailureLimit.Failures / 2; i++)
            (await redis.Server.Client.FetchAsync("/random")).Expect(401);

        using var failing = await redis.ConnectAsync();
        var failures = 0;
        foreach (var command in (string[][])[
            ["AUTH", "guess"], ["PING"], ["HELLO", "3"], ["HELLO", "3", "AUTH", "shop", "guess"]])
        {
            for (var i = 0; i < 2; i++, failures++)
                Assert.Matches("^-(NOAUTH|WRONGPASS) unauthorized: ", $"{await failing.CallAsync(command)}");
        }

        var answer = await failing.CallAsync("AUTH", "guess");
        for (; failures < 2 * FailureLimit.Failures && answer.Text!.StartsWith("WRONGPASS", StringComparison.Ordinal); failures++)
            answer = await failing.CallAsync("AUTH", "guess");
        answer.Error("ERR too-many-failures: This client address made more than 20 requests without a valid key");
        Assert.Null(await failing.ReceiveAsync());
        Assert.InRange(failures, FailureLimit.Failures / 2, FailureLimit.Failures);
        (await redis.Server.Client.FetchAsync("/random")).Problem(429, "too-many-failures");

        for (var i = 0; i < 30; i++)
        {
            Assert.Equal("+OK", $"{await valid.CallAsync("AUTH", shop.Key)}");
            Assert.InRange((await valid.CallAsync("SPOP", "default")).Number, 1, 10_000);
            Assert.Equal("+RESET", $"{await valid.CallAsync("RESET")}");
        }
    }

    [Fact]
    public async Task A_connection_is_closed_with_its_pipeline_after_too_many_failures()
    {
        var shop = new KeyHolder("shop", "draw");
        await using var redis = await RedisProcess.StartAsync(directory, KeyHolder.Environment(shop), "--maximum", "10000");
        using var client = await redis.ConnectAsync();

        await client.SendAsync(
            (byte[])[
                .. RespClient.Repeat(2 * FailureLimit.Failures, "AUTH", "guess"), .. RespClient.Encode("AUTH", shop.Key),
                .. RespClient.Encode("SPOP", "default")]);

        var answers = (await client.ReceiveToEndAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(answers.Length, FailureLimit.Failures + 1, FailureLimit.Failures + 5);
        Assert.StartsWith("-ERR too-many-failures", answers[^1], StringComparison.Ordinal);
        Assert.Equal(0, await redis.Server.StopAsync());
        Assert.Equal(0, StoredDraws.Read(directory.Database).Cursor);
    }
}
