using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Server.Tests.Import;

/// <summary>Servers that are killed while they import.</summary>
public sealed class ImportKillTests(PostgresServer postgres) : IDisposable
{
    private const int Count = 3_000_000;
    private const string Definition = """{"minimum":1,"maximum":6000000}""";

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_kill_leaves_all_of_an_import_or_nothing(bool usesPostgres)
    {
        await using var database = usesPostgres ? await postgres.CreateDatabaseAsync() : null;
        string[] switches = ["--maximum", "10", .. database?.Switches ?? []];
        await using (var server = await ServerProcess.StartAsync(directory, switches))
        {
            // The answer is not awaited, because the server is killed before it.
            _ = ImportAsync(server).ContinueWith(import => import.Exception, TaskScheduler.Default);
            await Eventually.TrueAsync(
                async () => (await server.Client.FetchAsync("/pools/killed")) is { Status: 200 } status
                    && status.Json.GetProperty("seeded").GetInt32() > 0,
                "a part is stored");
            await server.KillAsync();
        }

        await using (var server = await ServerProcess.StartAsync(directory, switches))
        {
            await Eventually.TrueAsync(
                async () => (await server.Client.FetchAsync("/pools/killed")) is var found
                    && (found.Status == 404 || found.Json.GetProperty("state").GetString() == "open"),
                "it is gone or open");
            if ((await server.Client.FetchAsync("/pools/killed")).Status == 404)
                await server.LineAsync("Pool killed was removed: its import was interrupted. Import its numbers again");
            var status = await ImportAsync(server);
            while (status.Json.GetProperty("state").GetString() != "open")
                status = await server.Client.FetchAsync("/pools/killed");
            Assert.Equal(Count, status.Json.GetProperty("drawn").GetInt32());
            Assert.InRange((await server.Client.DrawAsync("killed", 1)).Success(201).Numbers()[0], Count + 1, 2 * Count);
        }
    }

    private static async Task<ApiAnswer> ImportAsync(ServerProcess server)
    {
        using var body = new NumberContent(Definition, Count);
        return await server.Client.ImportPoolAsync("killed", body);
    }
}
