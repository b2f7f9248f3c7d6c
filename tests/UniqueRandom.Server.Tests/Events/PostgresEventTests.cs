using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Events;

/// <summary>The stream of one node, while another one draws.</summary>
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
}
