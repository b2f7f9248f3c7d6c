using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Draws;

/// <summary>A retry with the same Idempotency-Key returns the same numbers and takes no others.</summary>
public sealed class RetryTests(ApiServer server) : IClassFixture<ApiServer>
{
    private readonly HttpClient client = server.Client;

    [Fact]
    public async Task A_retry_returns_the_same_numbers()
    {
        var pool = await server.CreatePoolAsync(100);
        var first = await client.DrawAsync(pool, 5, "order, \"4711\"", "again-1");
        Assert.False(IsReplayed(first));

        for (var retry = 0; retry < 3; retry++)
        {
            var answer = await client.DrawAsync(pool, 5, "order, \"4711\"", "again-1");
            Assert.True(IsReplayed(answer));
            AssertSameDraw(first, answer);
            (await client.DrawAsync(pool, 2)).Success(201);
        }

        Assert.Equal(5 + 3 * 2, await client.DrawnAsync(pool));
    }

    [Fact]
    public async Task A_retry_of_a_single_draw_returns_its_number_on_every_route()
    {
        var first = await client.FetchAsync("/random", "single-1");
        first.Success(200);
        Assert.DoesNotContain("Idempotency-Replayed", first.Headers.Keys);

        foreach (var path in (string[])["/random", "/pools/default/random"])
        {
            var again = await client.FetchAsync(path, "single-1");
            Assert.Equal(first.Text, again.Expect(200).Text);
            Assert.Equal("true", again.Headers["Idempotency-Replayed"]);
        }

        var many = await client.DrawAsync("default", 1, key: "single-1");
        Assert.True(IsReplayed(many));
        Assert.Equal(first.Json.GetProperty("number").GetInt64(), Assert.Single(many.Json.Numbers()));
    }

    [Fact]
    public async Task Fifty_concurrent_requests_with_one_key_are_one_draw()
    {
        for (var round = 0; round < 10; round++)
        {
            var pool = await server.CreatePoolAsync(1000);
            var answers = await Task.WhenAll(
                Enumerable.Range(0, 50).Select(_ => client.DrawAsync(pool, 3, key: $"fifty-{round}")));

            Assert.Single(answers, answer => !IsReplayed(answer));
            Assert.All(answers, answer => AssertSameDraw(answers[0], answer));
            Assert.Equal(3, await client.DrawnAsync(pool));
        }
    }

    [Theory]
    [InlineData("exhausted")]
    [InlineData("closed")]
    public async Task A_retry_returns_the_numbers_after_the_pool_has_ended(string state)
    {
        var pool = await server.CreatePoolAsync(10);
        var first = await client.DrawAsync(pool, 6, key: $"ended-{state}");
        var single = await client.FetchAsync($"/pools/{pool}/random", $"ended-{state}-1");
        if (state == "exhausted")
            (await client.DrawAsync(pool, 3)).Success(201);
        else
            (await client.ClosePoolAsync(pool)).Success(200);
        Assert.Equal(state, (await client.StatusAsync(pool)).GetProperty("state").GetString());

        AssertSameDraw(first, await client.DrawAsync(pool, 6, key: $"ended-{state}"));
        Assert.Equal(single.Text, (await client.FetchAsync($"/pools/{pool}/random", $"ended-{state}-1")).Expect(200).Text);
        (await client.DrawAsync(pool, 1, key: $"ended-{state}-2")).Problem(409, $"pool-{state}");
    }

    [Fact]
    public async Task A_key_of_another_request_is_refused_and_nothing_is_drawn()
    {
        var (pool, other) = (await server.CreatePoolAsync(100), await server.CreatePoolAsync(100));
        (await client.DrawAsync(pool, 2, "mine", "conflict-1")).Success(201);

        (await client.DrawAsync(pool, 3, "mine", "conflict-1")).Problem(422, "key-conflict");
        (await client.DrawAsync(pool, 2, "Mine", "conflict-1")).Problem(422, "key-conflict");
        (await client.DrawAsync(pool, 2, null, "conflict-1")).Problem(422, "key-conflict");
        (await client.DrawAsync(other, 2, "mine", "conflict-1")).Problem(422, "key-conflict");
        (await client.DrawAsync("nowhere", 2, "mine", "conflict-1")).Problem(422, "key-conflict");
        (await client.FetchAsync($"/pools/{pool}/random", "conflict-1")).Problem(422, "key-conflict");

        Assert.Equal((2, 0), (await client.DrawnAsync(pool), await client.DrawnAsync(other)));
        Assert.False(IsReplayed(await client.DrawAsync(pool, 3, "mine", "Conflict-1")));
    }

    [Fact]
    public async Task A_refused_draw_leaves_its_key_unused()
    {
        var (small, closed, open) =
            (await server.CreatePoolAsync(5), await server.CreatePoolAsync(5), await server.CreatePoolAsync(5));
        (await client.ClosePoolAsync(closed)).Success(200);

        (await client.DrawAsync(small, 6, key: "refused-1")).Problem(409, "pool-exhausted");
        (await client.DrawAsync(closed, 1, key: "refused-1")).Problem(409, "pool-closed");
        (await client.DrawAsync("nowhere", 1, key: "refused-1")).Problem(404, "pool-not-found");
        (await client.DrawAsync(open, 0, key: "refused-1")).Invalid("count");

        Assert.False(IsReplayed(await client.DrawAsync(open, 5, key: "refused-1")));
        (await client.DrawAsync(small, 5, key: "refused-1")).Problem(422, "key-conflict");
        (await client.DrawAsync(small, 5)).Success(201);
    }

    [Fact]
    public async Task A_key_is_remembered_across_a_restart()
    {
        using var directory = new TemporaryDirectory();
        ApiAnswer? batch = null, single = null;
        for (var start = 0; start < 3; start++)
        {
            await using var own = await ServerProcess.StartAsync(directory, "--maximum", "100");
            var again = await own.Client.DrawAsync("default", 4, "r", "restart-1");
            Assert.Equal(start > 0, IsReplayed(again));
            AssertSameDraw(batch ??= again, again);
            var one = await own.Client.FetchAsync("/random", "restart-2");
            Assert.Equal((single ??= one).Text, one.Expect(200).Text);
            (await own.Client.DrawAsync("default", 5, "r", "restart-1")).Problem(422, "key-conflict");
            Assert.Equal(5, await own.Client.DrawnAsync("default"));
            // One restart follows a kill, the other a stop.
            await (start == 0 ? own.KillAsync() : own.StopAsync());
        }
    }

    private static bool IsReplayed(ApiAnswer answer)
    {
        var isReplayed = answer.Success(201).GetProperty("replayed").GetBoolean();
        Assert.Equal(isReplayed ? "true" : null, answer.Headers.GetValueOrDefault("Idempotency-Replayed"));
        return isReplayed;
    }

    private static void AssertSameDraw(ApiAnswer expected, ApiAnswer actual)
    {
        foreach (var member in expected.Success(201).EnumerateObject().Where(member => member.Name != "replayed"))
            Assert.Equal(member.Value.GetRawText(), actual.Success(201).GetProperty(member.Name).GetRawText());
    }
}
