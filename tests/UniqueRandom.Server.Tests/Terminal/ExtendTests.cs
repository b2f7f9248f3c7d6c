using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Server.Tests.Terminal;

/// <summary>The verb extend, and what the other verbs show of an extended pool.</summary>
public sealed class ExtendTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task A_pool_is_extended_shown_and_verified()
    {
        var pool = await server.CreatePoolAsync(5);
        await server.Client.DrawAsync(pool, 5);
        var lines = (await Run.OfAsync(server.Address, "extend", pool, "--maximum", "12", "--idempotency-key", "more")).Done();
        Assert.Contains(lines, line => line.StartsWith("Range ", StringComparison.Ordinal)
            && line.EndsWith("1..12 (12 numbers)", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Segment 2 ", StringComparison.Ordinal)
            && line.EndsWith("6..12 from position 5, stored", StringComparison.Ordinal));
        (await Run.OfAsync(server.Address, "extend", pool, "--maximum", "12", "--idempotency-key", "more")).Done();
        Assert.Equal(12, (await server.Client.StatusAsync(pool)).GetProperty("maximum").GetInt32());

        // The first segment has ended, so its draws can be verified; those behind it can't yet.
        await server.Client.DrawAsync(pool, 2);
        var open = Assert.Single((await Run.OfAsync(server.Address, "verify", pool)).Done());
        Assert.Contains("7 numbers at positions 0 to 6 of 1..12. The numbers from position 5 on were not compared", open);
        var status = await server.Client.StatusAsync(pool);
        var commitments = string.Join(',', status.GetProperty("segments").EnumerateArray()
            .Select(segment => segment.GetProperty("commitment").GetString()));
        (await server.Client.ClosePoolAsync(pool)).Success(200);
        var closed = Assert.Single((await Run.OfAsync(server.Address, "verify", pool, "--commitment", commitments)).Done());
        Assert.Equal(
            $"Holds: commitments {commitments.Replace(",", ", ")}, 7 numbers at positions 0 to 6 of 1..12.", closed);
        Assert.Contains("is closed", (await Run.OfAsync(server.Address, "extend", pool, "--maximum", "20")).Failed(4));
    }

    [Fact]
    public async Task A_large_range_is_waited_for()
    {
        var pool = await server.CreatePoolAsync(5);
        (await Run.OfAsync(server.Address, "extend", pool, "--maximum", "20000000")).Done();
        Assert.Equal(20_000_000, (await server.Client.StatusAsync(pool)).GetProperty("size").GetInt32());
    }

    [Fact]
    public async Task A_pool_that_is_closed_meanwhile_is_not_extended()
    {
        var pool = await server.CreatePoolAsync(5);
        var extending = Run.OfAsync(server.Address, "extend", pool, "--maximum", "50000000");
        await Eventually.TrueAsync(
            async () => (await server.Client.StatusAsync(pool)).TryGetProperty("segments", out var segments)
                && segments[1].GetProperty("seeded").GetInt64() > 0,
            "a part of the extension is stored");
        (await server.Client.ClosePoolAsync(pool)).Success(200);
        // Says the server if it has not answered yet, and the verb if it waits already.
        Assert.Contains("closed", (await extending).Failed(4));
        await Eventually.TrueAsync(
            async () => !(await server.Client.StatusAsync(pool)).TryGetProperty("segments", out _), "the extension is removed");
    }

    [Fact]
    public async Task Mistakes_are_refused_with_what_is_allowed()
    {
        var pool = await server.CreatePoolAsync(5);
        Assert.Contains("--maximum", (await Run.OfAsync(server.Address, "extend", pool)).Failed(2));
        Assert.Contains("must be above 5", (await Run.OfAsync(server.Address, "extend", pool, "--maximum", "5")).Failed(3));
        Assert.Contains(
            "--idempotency-key must have 1 to 255 visible ASCII characters",
            (await Run.OfAsync(server.Address, "extend", pool, "--maximum", "6", "--idempotency-key", "a b")).Failed(2));
        Assert.Contains(
            "--order must be stored or computed",
            (await Run.OfAsync(server.Address, "extend", pool, "--maximum", "6", "--order", "other")).Failed(2));
        Assert.Equal(5, (await server.Client.StatusAsync(pool)).GetProperty("maximum").GetInt32());
    }
}
