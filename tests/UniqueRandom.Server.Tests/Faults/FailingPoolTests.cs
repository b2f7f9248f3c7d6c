using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Faults;

/// <summary>A disk that fails or is full while a pool is created or closed beside the one that is drawn from.</summary>
public sealed class FailingPoolTests : IDisposable
{
    private static readonly object Range = new { minimum = 1, maximum = 400_000 };

    private readonly TemporaryDirectory directory = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("fsync,fdatasync", "error=EIO")]
    [InlineData("fsync,fdatasync", "error=EIO:when=1")]
    [InlineData("pwrite64", "error=EIO:when=2")]
    public async Task An_error_while_a_pool_is_closed_stops_the_process_and_nobody_is_told_the_seed(string calls, string fault)
    {
        var given = new List<long>();
        await using (var server = await ServerProcess.StartAsync(directory, "--maximum", "20000"))
        {
            given.Add(await DrawAsync(server));
            await using var strace = await Strace.AttachAsync(
                server.Id, calls, fault, calls == "pwrite64" ? directory.File("numbers.db-wal") : null);
            using var answer = await server.Client.PostAsync("/pools/default/close", null, Cancellation);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.DoesNotContain("seed\"", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
            await AssertFailedAsync(server);
        }

        await using (var server = await ServerProcess.StartAsync(directory, "--maximum", "20000"))
        {
            // It may have been closed, or not; to ask again is safe.
            using var answer = await server.Client.PostAsync("/pools/default/close", null, Cancellation);
            var status = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
            Assert.Equal(("closed", 1), (status.GetProperty("state").GetString(), status.GetProperty("drawn").GetInt32()));
            Assert.Equal(0, await server.StopAsync());
        }

        Assert.Equal(0, StoredDraws.Read(directory.Database).VerifyGiven(given));
    }

    /// <summary>It fails at once, or in the middle of the chunks.</summary>
    [Theory]
    [InlineData("fsync,fdatasync", "error=EIO", false)]
    [InlineData("fsync,fdatasync", "error=EIO:when=5", false)]
    [InlineData("pwrite64", "error=EIO:when=300", true)]
    public async Task An_error_while_a_pool_is_seeded_stops_the_process_and_the_next_one_finishes_it(
        string calls, string fault, bool isInLog)
    {
        var given = new List<long>();
        await using (var server = await ServerProcess.StartAsync(directory, "--maximum", "20000"))
        {
            given.Add(await DrawAsync(server));
            await using var strace = await Strace.AttachAsync(
                server.Id, calls, fault, isInLog ? directory.File("numbers.db-wal") : null);
            using var answer = await server.Client.PutAsJsonAsync("/pools/x", Range, Cancellation);
            await AssertFailedAsync(server);
        }

        await using (var server = await ServerProcess.StartAsync(directory, "--maximum", "20000"))
        {
            given.Add(await DrawAsync(server));
            using var answer = await server.Client.PutAsJsonAsync("/pools/x", Range, Cancellation);
            Assert.True(answer.IsSuccessStatusCode);
            await server.LineAsync("Seeded pool x");
            await AssertWholeAsync(server);
            Assert.Equal(0, await server.StopAsync());
        }

        Assert.Equal(given.Count, given.Distinct().Count());
    }

    /// <summary>
    /// Full from the first write on, so that there is no pool; or from the middle of the chunks on, so that it stays unfinished.
    /// </summary>
    [Theory]
    [InlineData("error=ENOSPC", null)]
    [InlineData("error=ENOSPC:when=300+", "seeding")]
    public async Task A_disk_that_is_full_while_a_pool_is_seeded_stops_nobody_and_the_pool_is_created_when_there_is_room(
        string fault, string? state)
    {
        var given = new List<long>();
        await using (var server = await ServerProcess.StartAsync(directory))
        {
            given.Add(await DrawAsync(server));
            await using (var strace = await Strace.AttachAsync(server.Id, "pwrite64", fault, directory.File("numbers.db-wal")))
            {
                using var answer = await server.Client.PutAsJsonAsync("/pools/x", Range, Cancellation);
                Assert.Equal(state is null ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.Created, answer.StatusCode);
                if (state is not null)
                    await server.LineAsync("could not be seeded");
                await strace.DetachAsync();
            }

            given.Add(await DrawAsync(server));
            Assert.Equal(state, await StateAsync(server));

            using var again = await server.Client.PutAsJsonAsync("/pools/x", Range, Cancellation);
            Assert.Equal(state is null ? HttpStatusCode.Created : HttpStatusCode.OK, again.StatusCode);
            await server.LineAsync("Seeded pool x");
            await AssertWholeAsync(server);
            Assert.DoesNotContain(server.Output, line => line.Contains("FTL", StringComparison.Ordinal));
            // What was half written must not come back when the log is read again.
            await server.KillAsync();
        }

        await using (var server = await ServerProcess.StartAsync(directory))
        {
            given.Add(await DrawAsync(server));
            Assert.Equal("exhausted", await StateAsync(server));
            Assert.Equal(0, await server.StopAsync());
        }

        Assert.Equal(given.Count, given.Distinct().Count());
    }

    private static async Task AssertFailedAsync(ServerProcess server)
    {
        Assert.Equal(1, await server.ExitAsync());
        Assert.Contains(server.Output, line => line.Contains("FTL The store failed", StringComparison.Ordinal));
    }

    private static async Task<long> DrawAsync(ServerProcess server) =>
        (await server.Client.GetFromJsonAsync<JsonElement>("/random", Cancellation)).GetProperty("number").GetInt64();

    /// <summary>The state of the pool, or null when there is none.</summary>
    private static async Task<string?> StateAsync(ServerProcess server)
    {
        using var answer = await server.Client.GetAsync("/pools/x", Cancellation);
        return answer.StatusCode == HttpStatusCode.NotFound
            ? null
            : (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("state").GetString();
    }

    /// <summary>Draws every number of the pool, each once.</summary>
    private static async Task AssertWholeAsync(ServerProcess server)
    {
        var numbers = new HashSet<long>();
        for (var draw = 0; draw < 40; draw++)
        {
            using var answer = await server.Client.PostAsJsonAsync("/pools/x/draws", new { count = 10_000 }, Cancellation);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
            foreach (var number in body.GetProperty("numbers").EnumerateArray())
                Assert.True(numbers.Add(number.GetInt64()), $"{number} was drawn twice.");
        }

        Assert.Equal((1, 400_000, 400_000), (numbers.Min(), numbers.Max(), numbers.Count));
    }
}
