using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Draws;

/// <summary>GET /random as clients use it.</summary>
public sealed partial class DrawTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task The_answer_is_one_number_and_must_not_be_cached()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--minimum", "-3", "--maximum", "4");

        using var response = await server.Client.GetAsync("/random", CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(new MediaTypeHeaderValue("application/json"), response.Content.Headers.ContentType);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        var body = await response.Content.ReadAsStringAsync(CancellationToken);
        Assert.Matches(Body(), body);
        Assert.InRange(NumberIn(body), -3, 4);
    }

    [Fact]
    public async Task The_first_start_seeds_and_the_next_start_continues_after_the_last_number()
    {
        var numbers = new List<long>();
        for (var start = 0; start < 3; start++)
        {
            await using var server = await ServerProcess.StartAsync(directory, "--maximum", "12");
            Assert.Equal(start == 0, server.Output.Any(line => line.Contains("Seeding", StringComparison.Ordinal)));
            for (var draw = 0; draw < 4; draw++)
                numbers.Add(await DrawAsync(server));
            Assert.Equal(0, await server.StopAsync());
        }

        Assert.Equal(Enumerable.Range(1, 12).Select(number => (long)number), numbers.Order());
        var stored = StoredDraws.Read(directory.Database);
        Assert.Equal(Enumerable.Range(0, 12), numbers.Select(stored.PositionOf));
    }

    [Fact]
    public async Task HEAD_is_answered_like_GET_and_draws_nothing()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "20");
        var first = await DrawAsync(server);

        using (var request = new HttpRequestMessage(HttpMethod.Head, "/random"))
        using (var response = await server.Client.SendAsync(request, CancellationToken))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(new MediaTypeHeaderValue("application/json"), response.Content.Headers.ContentType);
            Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
            Assert.Empty(await response.Content.ReadAsByteArrayAsync(CancellationToken));
        }

        var second = await DrawAsync(server);
        Assert.Equal(0, await server.StopAsync());
        var stored = StoredDraws.Read(directory.Database);
        Assert.Equal((0, 1, 2), (stored.PositionOf(first), stored.PositionOf(second), stored.Cursor));
    }

    [Fact]
    public async Task The_limits_of_Int64_are_returned_exactly()
    {
        await AssertOnlyNumberAsync("low.db", long.MinValue);
        await AssertOnlyNumberAsync("high.db", long.MaxValue);
    }

    private async Task AssertOnlyNumberAsync(string database, long number)
    {
        await using var server = await ServerProcess.StartAsync(
            directory, "--database", database, "--minimum", $"{number}", "--maximum", $"{number}");
        Assert.Equal(number, await DrawAsync(server));
    }

    private static async Task<long> DrawAsync(ServerProcess server) =>
        NumberIn(await server.Client.GetStringAsync("/random", CancellationToken));

    private static long NumberIn(string body) => long.Parse(Body().Match(body).Groups[1].ValueSpan, provider: null);

    [GeneratedRegex(@"\A\{""number"":(-?[0-9]+)\}\z")]
    private static partial Regex Body();
}
