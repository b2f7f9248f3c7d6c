using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Server.Tests.Pools;

/// <summary>Extensions of a node that was killed, beside one that goes on.</summary>
public sealed class ExtensionNodeTests(PostgresServer postgres) : IAsyncLifetime
{
    private const int Extended = 10_000_000;

    private readonly TemporaryDirectory directory = new();
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await postgres.CreateDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        if (database is not null)
            await database.DisposeAsync();
        directory.Dispose();
    }

    [Theory]
    [InlineData("POST", "/pools/default/extend", """{"maximum":20000000}""", 409)]
    [InlineData("PUT", "/pools/default", """{"minimum":1,"maximum":10}""", 200)]
    [InlineData(null, null, null, 0)]
    public async Task An_extension_is_completed_by_another_node(string? method, string? path, string? body, int status)
    {
        await using var server = await StartAsync();
        await ExtendAndKillAsync();
        var pending = (await server.Client.StatusAsync("default")).GetProperty("segments")[1];
        Assert.False(pending.GetProperty("ready").GetBoolean());

        // Without a request, the node finds it by itself.
        if (method is not null)
            Assert.Equal(status, (await server.Client.SendRequestAsync(method, path!, body)).Status);
        await server.LineAsync($"Seeded pool default: {Extended - 10} numbers");
        (await server.Client.DrawAsync("default", 1000)).Success(201);
        var extended = (await server.Client.StatusAsync("default")).GetProperty("segments")[1];
        Assert.Equal(pending.GetProperty("commitment").GetString(), extended.GetProperty("commitment").GetString());
    }

    [Fact]
    public async Task An_extension_of_a_pool_that_is_closed_is_removed_by_another_node()
    {
        await using var server = await StartAsync();
        await ExtendAndKillAsync();
        (await server.Client.ClosePoolAsync("default")).Success(200);
        await Eventually.TrueAsync(
            async () => await database.ScalarAsync<long>("SELECT count(*) FROM uniquerandom.segment") == 0,
            "the extension is removed");
        await server.LineAsync($"Pool default was closed, so its segment up to {Extended} was removed");
    }

    private async Task ExtendAndKillAsync()
    {
        await using var server = await StartAsync();
        // The answer is not awaited, because the server may be killed by then.
        _ = server.Client.SendRequestAsync("POST", "/pools/default/extend", $$"""{"maximum":{{Extended}}}""")
            .ContinueWith(extension => extension.Exception, TaskScheduler.Default);
        await server.LineAsync($"Seeding pool default with the numbers 11..{Extended}");
        await server.KillAsync();
    }

    private Task<ServerProcess> StartAsync() =>
        ServerProcess.StartAsync(directory, [.. database.Switches, "--maximum", "10"]);
}
