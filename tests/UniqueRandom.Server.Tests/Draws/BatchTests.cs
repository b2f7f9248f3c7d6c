using System.Text.Json;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Draws;

/// <summary>POST /pools/{pool}/draws returns all requested numbers or none.</summary>
public sealed class BatchTests(ApiServer server) : IClassFixture<ApiServer>
{
    private readonly HttpClient client = server.Client;

    [Fact]
    public async Task A_batch_takes_consecutive_positions_and_is_one_line_of_the_log()
    {
        var pool = await server.CreatePoolAsync(1000);
        var (first, numbers) = (0, new List<long>());
        foreach (var count in (int[])[1, 2, 100, 1, 396, 500])
        {
            var draw = (await client.DrawAsync(pool, count, $"batch of {count} at {first}")).Success(201);
            string[] members = ["pool", "first", "count", "numbers", "drawnAt", "reference", "replayed"];
            Assert.Equal(members, draw.EnumerateObject().Select(member => member.Name));
            Assert.Equal(
                (pool, first, count), (draw.GetProperty("pool").GetString(), Integer(draw, "first"), Integer(draw, "count")));
            Assert.Equal($"batch of {count} at {first}", draw.GetProperty("reference").GetString());
            Assert.False(draw.GetProperty("replayed").GetBoolean());
            Assert.EndsWith("Z", draw.GetProperty("drawnAt").GetString());
            Assert.Equal(count, draw.Numbers().Length);

            var line = (await client.FetchAsync($"/pools/{pool}/draws")).Lines[^1];
            foreach (var member in (string[])["first", "count", "numbers", "drawnAt", "reference"])
                Assert.Equal(draw.GetProperty(member).GetRawText(), line.GetProperty(member).GetRawText());
            numbers.AddRange(draw.Numbers());
            first += count;
        }

        Assert.Equal(Enumerable.Range(1, 1000).Select(number => (long)number), numbers.Order());
        Assert.Equal(numbers, (await client.FetchAsync($"/pools/{pool}/draws")).Lines.NumbersFrom(0));
    }

    [Fact]
    public async Task Ten_thousand_numbers_can_be_drawn_in_one_batch()
    {
        var pool = await server.CreatePoolAsync(25_000);
        long[] numbers =
        [
            .. (await client.DrawAsync(pool, 10_000)).Success(201).Numbers(),
            .. (await client.DrawAsync(pool, 10_000, "x")).Success(201).Numbers(),
        ];
        Assert.Equal(20_000, numbers.Distinct().Count());
        Assert.All(numbers, number => Assert.InRange(number, 1, 25_000));

        await AssertTooFewAsync(pool, 10_000, 25_000, remaining: 5000);
        Assert.Equal(numbers, (await client.FetchAsync($"/pools/{pool}/draws")).Lines.NumbersFrom(0));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("10001")]
    [InlineData("2147483648")]
    public async Task A_count_out_of_range_is_refused_and_never_clamped(string count)
    {
        var pool = await server.CreatePoolAsync(20_000);
        (await client.SendRequestAsync("POST", $"/pools/{pool}/draws", $$"""{"count":{{count}}}""")).Invalid("count");
        Assert.Equal(0, await client.DrawnAsync(pool));
    }

    [Fact]
    public async Task A_batch_that_exceeds_the_remaining_numbers_takes_nothing()
    {
        var pool = await server.CreatePoolAsync(100);
        (await client.DrawAsync(pool, 1)).Success(201);

        await AssertTooFewAsync(pool, 100, 100, remaining: 99);
        Assert.Equal(1, await client.DrawnAsync(pool));

        Assert.Equal(99, (await client.DrawAsync(pool, 99)).Success(201).Numbers().Length);
        await AssertTooFewAsync(pool, 1, 100, remaining: 0);
    }

    [Fact]
    public async Task Of_two_concurrent_batches_for_the_last_numbers_one_gets_all()
    {
        const int rounds = 60;
        for (var round = 0; round < rounds; round++)
        {
            var pool = await server.CreatePoolAsync(150);
            var answers = await Task.WhenAll(client.DrawAsync(pool, 100), client.DrawAsync(pool, 100, "other"));

            var won = Assert.Single(answers, answer => answer.Status == 201);
            Assert.Equal((0, 100), (Integer(won.Json, "first"), won.Json.Numbers().Distinct().Count()));
            var lost = Assert.Single(answers, answer => answer.Status == 409).Problem(409, "pool-exhausted");
            Assert.Equal(50, Integer(lost, "remaining"));
            Assert.Equal(100, await client.DrawnAsync(pool));
        }
    }

    [Fact]
    public async Task Concurrent_batches_leave_fewer_numbers_than_one_batch()
    {
        var pool = await server.CreatePoolAsync(1000);
        var draws = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => DrawSevensAsync()));

        Assert.Equal(1000 / 7, draws.Sum(runs => runs.Count));
        Assert.Equal(
            Enumerable.Range(0, 1000 / 7).Select(run => 7 * run),
            draws.SelectMany(runs => runs).Select(run => Integer(run, "first")).Order());
        Assert.Equal(994, draws.SelectMany(runs => runs).SelectMany(run => run.Numbers()).Distinct().Count());
        (await client.DrawAsync(pool, 6)).Success(201);
        Assert.Equal("exhausted", (await client.StatusAsync(pool)).GetProperty("state").GetString());

        async Task<List<JsonElement>> DrawSevensAsync()
        {
            var runs = new List<JsonElement>();
            ApiAnswer answer;
            for (; (answer = await client.DrawAsync(pool, 7)).Status == 201; runs.Add(answer.Json))
                Assert.Equal(7, answer.Json.Numbers().Length);
            Assert.Equal(6, Integer(answer.Problem(409, "pool-exhausted"), "remaining"));
            return runs;
        }
    }

    private async Task AssertTooFewAsync(string pool, int count, int size, int remaining)
    {
        var problem = (await client.DrawAsync(pool, count)).Problem(409, "pool-exhausted");
        Assert.Equal(
            (pool, size, remaining),
            (problem.GetProperty("pool").GetString(), Integer(problem, "size"), Integer(problem, "remaining")));
    }

    private static int Integer(JsonElement json, string member) => json.GetProperty(member).GetInt32();
}
