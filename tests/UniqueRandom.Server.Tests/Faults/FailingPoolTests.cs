using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Faults;

/// <summary>A disk that fails or is full while a pool is created or closed.</summary>
public sealed class FailingPoolTests : IDisposable
{
    private static readonly object Range = new { minimum = 1, maximum = 400_000 };

    private readonly TemporaryDirectory directory = new();

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("fsync,fdatasync", "error=EIO")]
    [InlineData("fsync,fdatasync", "error=EIO:when=1")]
    [InlineData("pwrite64", "error=EIO:when=2")]
    public async Task An_error_while_a_pool_is_closed_stops_the_process_and_does_not_reveal_the_seed(string calls, string fault)
    {
        var received = new List<long>();
        await using (var server = await ServerProcess.StartAsync(directory, "--maximum", "20000"))
        {
            received.Add(await DrawAsync(server));
            await using var strace = await Strace.AttachAsync(
                server.Id, calls, fault, calls == "pwrite64" ? directory.File("numbers.db-wal") : null);
            using var answer = await server.Client.PostAsync("/pools/default/close", null, CancellationToken);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.DoesNotContain("seed\"", await answer.Content.ReadAsStringAsync(CancellationToken), StringComparison.Ordinal);
            await AssertFailedAsync(server);
        }

        await using (var server = await ServerProcess.StartAsync(directory, "--maximum", "20000"))
        {
            // The pool may or may not be closed, and closing it again is safe.
            using var answer = await server.Client.PostAsync("/pools/default/close", null, CancellationToken);
            var status = await answer.Content.ReadFromJsonAsync<JsonElement>(CancellationToken);
            Assert.Equal(("closed", 1), (status.GetProperty("state").GetString(), status.GetProperty("drawn").GetInt32()));
            Assert.Equal(0, await server.StopAsync());
        }

        Assert.Equal(0, StoredDraws.Read(directory.Database).VerifyReceived(received));
    }

    /// <summary>The first write fails, or a write of chunks.</summary>
    [Theory]
    [InlineData("fsync,fdatasync", "error=EIO", false)]
    [InlineData("fsync,fdatasync", "error=EIO:when=5", false)]
    [InlineData("pwrite64", "error=EIO:when=300", true)]
    public async Task An_error_while_a_pool_is_seeded_stops_the_process_and_the_next_start_completes_the_seeding(
        string calls, string fault, bool isInLog)
    {
        var received = new List<long>();
        await using (var server = await ServerProcess.StartAsync(directory, "--maximum", "20000"))
        {
            received.Add(await DrawAsync(server));
            await using var strace = await Strace.AttachAsync(
                server.Id, calls, fault, isInLog ? directory.File("numbers.db-wal") : null);
            using var answer = await server.Client.PutAsJsonAsync("/pools/x", Range, CancellationToken);
            await AssertFailedAsync(server);
        }

        await using (var server = await ServerProcess.StartAsync(directory, "--maximum", "20000"))
        {
            received.Add(await DrawAsync(server));
            using var answer = await server.Client.PutAsJsonAsync("/pools/x", Range, CancellationToken);
            Assert.True(answer.IsSuccessStatusCode);
            await server.LineAsync("Seeded pool x");
            await AssertWholeAsync(server);
            Assert.Equal(0, await server.StopAsync());
        }

        Assert.Equal(received.Count, received.Distinct().Count());
    }

    /// <summary>
    /// The disk is full from the first write, so that there is no pool, or during the chunks, so that the pool stays unfinished.
    /// </summary>
    [Theory]
    [InlineData("error=ENOSPC", null)]
    [InlineData("error=ENOSPC:when=300+", "seeding")]
    public async Task A_full_disk_during_a_seeding_stops_no_draws_and_the_pool_is_created_when_there_is_room(
        string fault, string? state)
    {
        var received = new List<long>();
        await using (var server = await ServerProcess.StartAsync(directory))
        {
            received.Add(await DrawAsync(server));
            await using (var strace = await Strace.AttachAsync(server.Id, "pwrite64", fault, directory.File("numbers.db-wal")))
            {
                using var answer = await server.Client.PutAsJsonAsync("/pools/x", Range, CancellationToken);
                Assert.Equal(state is null ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.Created, answer.StatusCode);
                if (state is not null)
                    await server.LineAsync("could not be seeded");
                await strace.DetachAsync();
            }

            received.Add(await DrawAsync(server));
            Assert.Equal(state, await StateAsync(server));

            using var again = await server.Client.PutAsJsonAsync("/pools/x", Range, CancellationToken);
            Assert.Equal(state is null ? HttpStatusCode.Created : HttpStatusCode.OK, again.StatusCode);
            await server.LineAsync("Seeded pool x");
            await AssertWholeAsync(server);
            Assert.DoesNotContain(server.Output, line => line.Contains("FTL", StringComparison.Ordinal));
            // A partial write must not reappear when the WAL is read again.
            await server.KillAsync();
        }

        await using (var server = await ServerProcess.StartAsync(directory))
        {
            received.Add(await DrawAsync(server));
            Assert.Equal("exhausted", await StateAsync(server));
            Assert.Equal(0, await server.StopAsync());
        }

        Assert.Equal(received.Count, received.Distinct().Count());
    }

    private static async Task AssertFailedAsync(ServerProcess server)
    {
        Assert.Equal(1, await server.ExitAsync());
        Assert.Contains(server.Output, line => line.Contains("FTL The store failed", StringComparison.Ordinal));
    }

    private static async Task<long> DrawAsync(ServerProcess server) =>
        (await server.Client.GetFromJsonAsync<JsonElement>("/random", CancellationToken)).GetProperty("number").GetInt64();

    /// <summary>The state of the pool; null if there is no pool.</summary>
    private static async Task<string?> StateAsync(ServerProcess server)
    {
        using var answer = await server.Client.GetAsync("/pools/x", CancellationToken);
        return answer.StatusCode == HttpStatusCode.NotFound
            ? null
            : (await answer.Content.ReadFromJsonAsync<JsonElement>(CancellationToken)).GetProperty("state").GetString();
    }

    /// <summary>Verifies that every number of the pool can be drawn once.</summary>
    private static async Task AssertWholeAsync(ServerProcess server)
    {
        var numbers = new HashSet<long>();
        for (var draw = 0; draw < 40; draw++)
        {
            using var answer = await server.Client.PostAsJsonAsync("/pools/x/draws", new { count = 10_000 }, CancellationToken);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            var body = await answer.Content.ReadFromJsonAsync<JsonElement>(CancellationToken);
            foreach (var number in body.GetProperty("numbers").EnumerateArray())
                Assert.True(numbers.Add(number.GetInt64()), $"{number} was drawn twice.");
        }

        Assert.Equal((1, 400_000, 400_000), (numbers.Min(), numbers.Max(), numbers.Count));
    }
}
