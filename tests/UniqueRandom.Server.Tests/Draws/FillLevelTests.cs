using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Draws;

/// <summary>The log warns once for each fill level of a pool.</summary>
public sealed class FillLevelTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Draws_log_the_highest_level_that_they_cross_once()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "100");
        for (var draw = 1; draw <= 100; draw++)
            (await server.Client.FetchAsync("/random", $"key-{draw}")).Success(200);
        (await server.Client.FetchAsync("/random", "key-80")).Success(200);
        (await server.Client.FetchAsync("/random")).Problem(409, "pool-exhausted");

        foreach (var pool in (string[])["steps", "leap"])
            (await server.Client.CreatePoolAsync(pool, 1, 100)).Success(201);
        foreach (var count in (int[])[79, 1, 14, 3, 2, 1])
            (await server.Client.DrawAsync("steps", count)).Success(201);
        (await server.Client.DrawAsync("leap", 100)).Success(201);

        Assert.Equal(
            [
                "WRN 80 % of pool default is drawn, 20 remaining",
                "WRN 95 % of pool default is drawn, 5 remaining",
                "WRN 99 % of pool default is drawn, 1 remaining",
                "WRN Pool default is exhausted: all of its 100 numbers are drawn",
                "WRN 80 % of pool steps is drawn, 20 remaining",
                "WRN 95 % of pool steps is drawn, 3 remaining",
                "WRN 99 % of pool steps is drawn, 1 remaining",
                "WRN Pool steps is exhausted: all of its 100 numbers are drawn",
                "WRN Pool leap is exhausted: all of its 100 numbers are drawn",
            ],
            await WarningsAsync(server));
    }

    [Fact]
    public async Task A_level_is_not_logged_again_after_a_restart()
    {
        List<string[]> warnings = [];
        foreach (var count in (int[])[95, 1, 3])
        {
            await using var server = await ServerProcess.StartAsync(directory, "--maximum", "100");
            (await server.Client.DrawAsync("default", count)).Success(201);
            warnings.Add(await WarningsAsync(server));
        }

        Assert.Collection(
            warnings,
            first => Assert.Equal("WRN 95 % of pool default is drawn, 5 remaining", Assert.Single(first)),
            Assert.Empty,
            third => Assert.Equal("WRN 99 % of pool default is drawn, 1 remaining", Assert.Single(third)));
    }

    /// <summary>Stops the server, and returns its warnings.</summary>
    private static async Task<string[]> WarningsAsync(ServerProcess server)
    {
        Assert.Equal(0, await server.StopAsync());
        Assert.Empty(server.Errors);
        return [.. server.Output.Where(line => line.Contains(" WRN ", StringComparison.Ordinal)
            && !line.Contains("was slow", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(" WRN ", StringComparison.Ordinal) + 1)..])];
    }
}
