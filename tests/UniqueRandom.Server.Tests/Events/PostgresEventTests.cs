using System.Text.Json;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Events;

/// <summary>The stream of one node, while another one draws, or the store is away.</summary>
public sealed class PostgresEventTests(PostgresServer postgres)
{
    [Fact]
    public async Task A_viewer_sees_what_another_node_draws()
    {
        using var directory = new TemporaryDirectory();
        await using var database = await postgres.CreateDatabaseAsync();
        await using var watched = await StartAsync();
        await using var drawing = await StartAsync();
        await using (var events = await EventReader.StartAsync(watched.Client))
        {
            Assert.NotNull(await events.ReadAsync());
            (await drawing.Client.DrawAsync("default", 40)).Success(201);
            await events.ReadUntilDrawnAsync("default", 40);
        }

        // The chart of a new page contains these draws as well.
        await using var later = await EventReader.StartAsync(watched.Client);
        var pool = Assert.Single((await later.ReadAsync())!.Value.GetProperty("pools").EnumerateArray());
        Assert.Equal(40, pool.GetProperty("history").EnumerateArray().Sum(second => second.GetInt64()));

        Task<ServerProcess> StartAsync() => ServerProcess.StartAsync(directory, [.. database.Switches, "--maximum", "1000"]);
    }

    [Fact]
    public async Task Viewers_are_told_once_that_the_store_is_away_and_when_it_is_back()
    {
        using var directory = new TemporaryDirectory();
        await using var instance = await PostgresInstance.CreateAsync();
        await using var server = await ServerProcess.StartAsync(directory, [.. instance.Switches, "--maximum", "1000"]);
        await using var events = await EventReader.StartAsync(server.Client);
        Assert.True((await events.ReadAsync())!.Value.GetProperty("first").GetBoolean());

        await instance.StopAsync();

        Assert.Equal(["at", "stale"], NamesOf(await events.ReadAsync()));
        await using var later = await EventReader.StartAsync(server.Client);
        Assert.Contains("stale", NamesOf(await later.ReadUntilAsync("stale")));
        await instance.StartAsync();
        Assert.Equal(["at"], NamesOf(await events.ReadAsync()));
        (await server.Client.DrawAsync("default", 7)).Success(201);
        await events.ReadUntilDrawnAsync("default", 7);
        await later.ReadUntilDrawnAsync("default", 7);

        static IEnumerable<string> NamesOf(JsonElement? message) =>
            message!.Value.EnumerateObject().Select(member => member.Name);
    }
}
