using System.Collections.Concurrent;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Pools;

/// <summary>Concurrent creation and closing of pools.</summary>
public sealed class PoolRaceTests(ApiServer server, ITestOutputHelper output) : IClassFixture<ApiServer>
{
    private readonly HttpClient client = server.Client;

    [Fact]
    public async Task One_of_many_concurrent_requests_creates_a_pool_and_the_others_find_it()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.CreatePoolAsync("same", 1, 200_000)));

        Assert.Equal(new Dictionary<int, int> { [200] = 19, [201] = 1 }, answers.CountBy(answer => answer.Status).ToDictionary());
        Assert.Single(answers.DistinctBy(answer => answer.Json.GetProperty("commitment").GetString()));
        Assert.Single(answers, answer => answer.Headers.ContainsKey("Location"));
    }

    [Fact]
    public async Task One_of_two_concurrent_ranges_takes_a_name_and_the_other_is_refused_with_it()
    {
        for (var round = 0; round < 10; round++)
        {
            var answers = await Task.WhenAll(
                Enumerable.Range(0, 20).Select(i => client.CreatePoolAsync($"ranges{round}", 1, 5000 + i % 2)));

            var winner = answers.Single(answer => answer.Status == 201).Json.GetProperty("maximum").GetInt32();
            Assert.Equal(
                new Dictionary<int, int> { [200] = 9, [201] = 1, [409] = 10 },
                answers.CountBy(answer => answer.Status).ToDictionary());
            Assert.All(answers, answer => Assert.Equal(winner, answer.Json.GetProperty("maximum").GetInt32()));
            Assert.All(answers.Where(answer => answer.Status == 409), answer => answer.Problem(409, "pool-exists"));
        }
    }

    [Fact]
    public async Task Closing_a_pool_while_64_clients_draw_loses_no_draw_and_allows_no_later_draw()
    {
        const int clients = 64;
        var pool = await server.CreatePoolAsync(1_000_000);
        var (received, isClosed, drawing) =
            (new ConcurrentBag<long[]>(), false, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var draws = Task.WhenAll(Enumerable.Range(0, clients).Select(number => Task.Run(() => DrawUntilClosedAsync(number))));
        await Task.WhenAny(drawing.Task, draws);

        var closed = (await client.ClosePoolAsync(pool)).Success(200);
        Volatile.Write(ref isClosed, true);
        await draws;

        var log = (await client.FetchAsync($"/pools/{pool}/draws")).Lines.NumbersFrom(0);
        var numbers = received.SelectMany(draw => draw).ToArray();
        Assert.Equal(log.Length, log.Distinct().Count());
        Assert.Equal(log.Order(), numbers.Order());
        Assert.Equal(log.Length, closed.GetProperty("drawn").GetInt32());
        Assert.Equal(log.Length, await client.DrawnAsync(pool));
        output.WriteLine($"{received.Count} draws of {numbers.Length} numbers until the pool was closed");

        async Task DrawUntilClosedAsync(int number)
        {
            while (true)
            {
                var startedAfterClose = Volatile.Read(ref isClosed);
                var answer = number % 2 == 0
                    ? await client.FetchAsync($"/pools/{pool}/random")
                    : await client.DrawAsync(pool, 1 + number % 5);
                if (answer.Status == 409)
                {
                    answer.Problem(409, "pool-closed");
                    if (startedAfterClose)
                        return;
                    continue;
                }

                Assert.False(startedAfterClose, $"A draw that started after the answer to the close received {answer.Text}");
                received.Add(
                    number % 2 == 0 ? [answer.Success(200).GetProperty("number").GetInt64()] : answer.Success(201).Numbers());
                if (received.Count >= 1000)
                    drawing.TrySetResult();
            }
        }
    }
}
