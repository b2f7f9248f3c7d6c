using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
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
        (await other.DrawAsync(server)).Expect(200);

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
            (await fast.DrawAsync(server)).Expect(200);
    }

    [Fact]
    public async Task Requests_that_need_no_key_are_not_counted()
    {
        var holder = new KeyHolder("shop", "draw", "1");
        await using var server = await ServerProcess.StartAsync(directory, KeyHolder.Environment(holder));
        await DrawUntilRefusedAsync(server, holder);

        for (var request = 0; request < 20; request++)
            (await holder.SendAsync(server.Client, HttpMethod.Get, "/health")).Expect(200);
    }

    /// <summary>Draws as fast as one client can. Returns the count of numbers drawn before the first refusal.</summary>
    private static async Task<int> DrawUntilRefusedAsync(ServerProcess server, KeyHolder holder)
    {
        for (var drawn = 0; drawn < MaximumDraws; drawn++)
        {
            var answer = await holder.DrawAsync(server);
            if (answer.Status == 200)
                continue;

            answer.Problem(429, "too-many-requests");
            Assert.Equal("1", answer.Headers["Retry-After"]);
            Assert.Equal("no-store", answer.Headers["Cache-Control"]);
            return drawn;
        }

        throw new InvalidOperationException($"{holder.Name} drew {MaximumDraws} numbers and was never refused.");
    }
}
