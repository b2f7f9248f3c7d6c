using System.Globalization;
using System.Text.Json;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Pools;

/// <summary>Pools that are extended over HTTP.</summary>
public sealed class ExtensionTests(ApiServer server) : IClassFixture<ApiServer>
{
    private readonly HttpClient client = server.Client;

    [Fact]
    public async Task A_draw_crosses_the_border_and_the_status_lists_the_segments()
    {
        var pool = await server.CreatePoolAsync(100);
        var first = (await client.DrawAsync(pool, 100)).Success(201).Numbers();
        (await client.DrawAsync(pool, 1)).Problem(409, "pool-exhausted");
        var before = await client.StatusAsync(pool);
        Assert.False(before.TryGetProperty("segments", out _));

        var extended = (await ExtendAsync(pool, """{"maximum":250}""")).Success(200);
        Assert.Equal(("open", 250, 150), (
            extended.GetProperty("state").GetString(),
            extended.GetProperty("maximum").GetInt64(),
            extended.GetProperty("remaining").GetInt64()));
        (await ExtendAsync(pool, """{"maximum":1000250,"order":"computed"}""")).Success(200);
        var further = (await client.DrawAsync(pool, 151)).Success(201).Numbers();
        Assert.Equal(Enumerable.Range(1, 250).Select(number => (long)number), first.Concat(further[..150]).Order());
        Assert.InRange(further[150], 251, 1_000_250);
        // The pool as it was created.
        (await client.CreatePoolAsync(pool, 1, 100)).Success(200);
        var problem = (await client.CreatePoolAsync(pool, 1, 1_000_250)).Problem(409, "pool-exists");
        Assert.Equal(100, problem.GetProperty("maximum").GetInt64());

        var segments = (await client.StatusAsync(pool)).GetProperty("segments").EnumerateArray().ToArray();
        Assert.Equal(
            ["0 1..100 100 stored", "100 101..250 150 stored", "250 251..1000250 1000000 computed"],
            segments.Select(segment =>
                $"{segment.GetProperty("first")} {segment.GetProperty("minimum")}..{segment.GetProperty("maximum")} "
                + $"{segment.GetProperty("seeded")} {segment.GetProperty("order")}"));
        Assert.All(segments, segment =>
        {
            Assert.Equal(segment.GetProperty("size").GetInt64(), segment.GetProperty("seeded").GetInt64());
            Assert.True(segment.GetProperty("ready").GetBoolean());
        });
        segments[0].VerifiedSeed();
        segments[1].VerifiedSeed();
        Assert.Equal(JsonValueKind.Null, segments[2].GetProperty("seed").ValueKind);
        Assert.Equal(3, segments.DistinctBy(segment => segment.GetProperty("commitment").GetString()).Count());
        Assert.Equal(before.GetProperty("commitment").GetString(), segments[0].GetProperty("commitment").GetString());

        foreach (var (position, number) in ((int, long)[])[(0, first[0]), (100, further[0]), (250, further[150])])
        {
            var found = (await client.FetchAsync($"/pools/{pool}/numbers/{number}")).Success(200);
            Assert.Equal(position, found.GetProperty("position").GetInt64());
        }

        (await client.FetchAsync($"/pools/{pool}/numbers/1000251")).Problem(404, "number-not-found");
        var log = (await client.FetchAsync($"/pools/{pool}/draws")).Lines;
        Assert.Equal([.. first, .. further], log.NumbersFrom(0));
        var closed = (await client.ClosePoolAsync(pool)).Success(200);
        Assert.All(
            closed.GetProperty("segments").EnumerateArray(),
            segment => Assert.Equal(64, segment.GetProperty("seed").GetString()!.Length));
        (await ExtendAsync(pool, """{"maximum":2000000}""")).Problem(409, "pool-closed");
    }

    [Fact]
    public async Task A_key_makes_a_request_safe_to_retry()
    {
        var pool = await server.CreatePoolAsync(10);
        var extended = await ExtendAsync(pool, """{"maximum":20}""", "extend-1");
        Assert.False(extended.Headers.ContainsKey("Idempotency-Replayed"));
        var again = await ExtendAsync(pool, """{"maximum":20,"order":null}""", "extend-1");
        Assert.Equal("true", again.Headers["Idempotency-Replayed"]);
        Assert.Equal(20, again.Success(200).GetProperty("maximum").GetInt64());
        var conflict = (await ExtendAsync(pool, """{"maximum":30}""", "extend-1")).Problem(422, "key-conflict");
        Assert.Contains("has extended a pool with this idempotency key", conflict.GetProperty("detail").GetString());
        (await ExtendAsync("default", """{"maximum":3000}""", "extend-1")).Problem(422, "key-conflict");
        // The keys of draws are others.
        (await client.DrawAsync(pool, 1, key: "extend-1")).Success(201);
        Assert.Equal(20, (await client.StatusAsync(pool)).GetProperty("maximum").GetInt64());
    }

    [Fact]
    public async Task Draws_go_on_while_the_order_of_a_large_extension_is_stored()
    {
        var pool = await server.CreatePoolAsync(1000);
        // One large order is stored at a time.
        var ahead = client.CreatePoolAsync("ahead", 1, 30_000_000);
        var answer = await ExtendAsync(pool, """{"maximum":30001000}""", "large");
        var pending = answer.Success(202).GetProperty("segments")[1];
        Assert.Equal((1000, false), (pending.GetProperty("first").GetInt64(), pending.GetProperty("ready").GetBoolean()));
        var problem = (await ExtendAsync(pool, """{"maximum":40000000}""")).Problem(409, "pool-extending");
        Assert.Equal(30_001_000, problem.GetProperty("maximum").GetInt64());
        Assert.Equal(1000, (await client.StatusAsync(pool)).GetProperty("size").GetInt64());
        (await client.DrawAsync(pool, 1001)).Problem(409, "pool-exhausted");
        (await client.DrawAsync(pool, 990)).Success(201);
        while ((answer = await ExtendAsync(pool, """{"maximum":30001000}""", "large")).Status == 202)
        {
        }

        Assert.Equal(30_001_000, answer.Success(200).GetProperty("size").GetInt64());
        (await client.DrawAsync(pool, 1001)).Success(201);
        (await ahead).Success(201);
    }

    [Theory]
    [InlineData("""{"maximum":1000}""", "maximum must be above 1000, the maximum of the pool 'default'")]
    [InlineData("""{"maximum":999}""", "maximum must be above 1000")]
    [InlineData("""{"maximum":-1}""", "maximum must be above 1000")]
    [InlineData("""{"maximum":-9223372036854775808}""", "maximum must be above 1000")]
    [InlineData("""{"maximum":1001,"order":"computed"}""", "1001..1001 holds 1 number; a pool with a computed order has")]
    [InlineData("""{"maximum":2147484648}""", "a pool with a stored order has at most 2147483647")]
    [InlineData("""{"maximum":9223372036854775807}""", "a pool with a stored order has at most 2147483647")]
    public async Task A_range_that_the_pool_can_not_have_is_refused(string body, string detail) =>
        await UnchangedAsync(async () =>
        {
            var problem = (await ExtendAsync("default", body)).Problem(400, "invalid-request");
            Assert.Equal("maximum", problem.GetProperty("field").GetString());
            Assert.Contains(detail, problem.GetProperty("detail").GetString());
        });

    [Theory]
    [MemberData(nameof(Requests.BadInputTests.InvalidIntegers), MemberType = typeof(Requests.BadInputTests))]
    public async Task An_invalid_maximum_is_refused(string value) =>
        await UnchangedAsync(async () => (await ExtendAsync("default", $$"""{"maximum":{{value}}}""")).Invalid("maximum"));

    [Theory]
    [InlineData("{}", "maximum")]
    [InlineData("""{"order":"stored"}""", "maximum")]
    [InlineData("""{"maximum":2000,"order":"Stored"}""", "order")]
    [InlineData("""{"maximum":2000,"order":""}""", "order")]
    [InlineData("""{"maximum":2000,"order":1}""", "order")]
    [InlineData("""{"maximum":2000,"order":["stored"]}""", "order")]
    [InlineData("""{"maximum":2000,"order":"\ud800"}""", "order")]
    [InlineData("""{"maximum":2000,"minimum":1001}""", "minimum")]
    [InlineData("""{"maximum":2000,"maximum":2000}""", "maximum")]
    [InlineData("""{"maximum":2000,"Maximum":2000}""", "Maximum")]
    [InlineData("""{"maximum":2000,"größe":1}""", "größe")]
    public async Task A_member_that_is_not_valid_is_refused_by_name(string body, string field) =>
        await UnchangedAsync(async () => (await ExtendAsync("default", body)).Invalid(field));

    [Theory]
    [MemberData(nameof(Requests.BadInputTests.InvalidJson), MemberType = typeof(Requests.BadInputTests))]
    public async Task A_body_that_is_not_a_JSON_object_is_refused(string body) =>
        await UnchangedAsync(async () => (await ExtendAsync("default", body)).Invalid("body"));

    [Fact]
    public async Task Other_parts_that_are_not_valid_are_refused()
    {
        await UnchangedAsync(async () =>
        {
            (await ExtendAsync("default", """{"maximum":2000}""", "a b")).Invalid("Idempotency-Key");
            (await ExtendAsync("default", """{"maximum":2000}""", new string('k', 256))).Invalid("Idempotency-Key");
            (await ExtendAsync("Default", """{"maximum":2000}""")).Invalid("pool");
            (await ExtendAsync("nowhere", """{"maximum":2000}""")).Problem(404, "pool-not-found");
            var tooLong = $$"""{"maximum":2000{{new string(' ', 17 * 1024)}}}""";
            (await ExtendAsync("default", tooLong)).Problem(413, "body-too-large");
            using var request = new HttpRequestMessage(HttpMethod.Post, "/pools/default/extend");
            request.Content = new StringContent("""{"maximum":2000}""", System.Text.Encoding.UTF8, "text/plain");
            (await client.SendRequestAsync(request)).Problem(415, "unsupported-media-type");
            (await client.FetchAsync("/pools/default/extend")).Problem(405, "method-not-allowed");
        });
    }

    private Task<ApiAnswer> ExtendAsync(string pool, string body, string? key = null) =>
        client.SendRequestAsync("POST", $"/pools/{pool}/extend", body, key);

    private async Task UnchangedAsync(Func<Task> work)
    {
        var before = await DescribeAsync();
        await work();
        Assert.Equal(before, await DescribeAsync());

        async Task<string> DescribeAsync()
        {
            var status = await client.StatusAsync("default");
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{status.GetProperty("maximum")} {status.GetProperty("state")} {status.TryGetProperty("segments", out _)}");
        }
    }
}
