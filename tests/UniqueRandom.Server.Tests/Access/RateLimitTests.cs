using System.Net;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Access;

/// <summary>The request rate of a key.</summary>
public sealed class RateLimitTests : IDisposable
{
    private const int MaximumDraws = 1000;

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_key_that_exceeds_its_rate_is_refused_and_other_keys_are_not()
    {
        KeyHolder limited = new("limited", "draw", "1"), other = new("other", "draw", "1");
        await using var server = await ServerProcess.StartAsync(directory, KeyHolder.Environment(limited, other));

        var drawn = await DrawUntilRefusedAsync(server, limited);
        using (var response = await other.DrawAsync(server))
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        Assert.Equal(0, await server.StopAsync());
        Assert.Equal(drawn + 1, StoredDraws.Read(directory.Database).Cursor);
    }

    [Fact]
    public async Task The_rate_of_the_switch_applies_unless_the_key_has_its_own()
    {
        KeyHolder usual = new("usual", "draw"), fast = new("fast", "draw", "1000000");
        await using var server = await ServerProcess.StartAsync(
            directory, KeyHolder.Environment(usual, fast), "--requests-per-second", "5");

        Assert.InRange(await DrawUntilRefusedAsync(server, usual), 5, MaximumDraws);
        for (var draw = 0; draw < 50; draw++)
        {
            using var response = await fast.DrawAsync(server);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task Requests_that_need_no_key_are_not_counted()
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

    /// <summary>Draws as fast as one client can. Returns the count of numbers drawn before the first refusal.</summary>
    private static async Task<int> DrawUntilRefusedAsync(ServerProcess server, KeyHolder holder)
    {
        for (var drawn = 0; drawn < MaximumDraws; drawn++)
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

        throw new InvalidOperationException($"{holder.Name} drew {MaximumDraws} numbers and was never refused.");
    }
}
