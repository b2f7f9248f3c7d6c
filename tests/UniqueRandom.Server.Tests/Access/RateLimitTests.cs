using System.Net;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Access;

/// <summary>How often a key may ask.</summary>
public sealed class RateLimitTests : IDisposable
{
    private const int Most = 1000;

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_key_that_asks_too_often_is_told_when_to_come_back_and_others_are_not()
    {
        KeyHolder hasty = new("hasty", "draw", "1"), calm = new("calm", "draw", "1");
        await using var server = await ServerProcess.StartAsync(directory, KeyHolder.Environment(hasty, calm));

        var drawn = await DrawUntilRefusedAsync(server, hasty);
        using (var response = await calm.DrawAsync(server))
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        Assert.Equal(0, await server.StopAsync());
        Assert.Equal(drawn + 1, StoredDraws.Read(directory.Database).Cursor);
    }

    [Fact]
    public async Task A_bucket_holds_what_the_switch_allows_for_a_second_unless_the_key_has_its_own()
    {
        KeyHolder usual = new("usual", "draw"), fast = new("fast", "draw", "1000000");
        await using var server = await ServerProcess.StartAsync(
            directory, KeyHolder.Environment(usual, fast), "--requests-per-second", "5");

        Assert.InRange(await DrawUntilRefusedAsync(server, usual), 5, Most);
        for (var draw = 0; draw < 50; draw++)
        {
            using var response = await fast.DrawAsync(server);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task Pages_that_need_no_key_are_not_counted()
    {
        var holder = new KeyHolder("shop", "draw", "1");
        await using var server = await ServerProcess.StartAsync(directory, KeyHolder.Environment(holder));
        await DrawUntilRefusedAsync(server, holder);

        for (var request = 0; request < 20; request++)
        {
            using var response = await holder.SendAsync(server.Client, HttpMethod.Get, "/health");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    /// <summary>Asks as fast as one client can, and returns how many numbers it was given before the first refusal.</summary>
    private static async Task<int> DrawUntilRefusedAsync(ServerProcess server, KeyHolder holder)
    {
        for (var drawn = 0; drawn < Most; drawn++)
        {
            using var response = await holder.DrawAsync(server);
            if (response.StatusCode == HttpStatusCode.OK)
                continue;

            Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
            Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
            await ProblemBody.ReadAsync(response, "too-many-requests");
            return drawn;
        }

        throw new InvalidOperationException($"{holder.Name} was given {Most} numbers, and never refused.");
    }
}
