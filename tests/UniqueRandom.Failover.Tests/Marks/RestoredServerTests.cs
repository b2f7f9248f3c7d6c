using System.Net;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Failover.Tests.Marks;

/// <summary>A PostgreSQL server that is put back to an old state, and two nodes with their marks, as real processes.</summary>
public sealed class RestoredServerTests : IAsyncLifetime
{
    private const string Resume = "--resume-after-restore";

    private readonly TemporaryDirectory first = new();
    private readonly TemporaryDirectory second = new();
    private readonly HashSet<long> received = [];
    private PostgresInstance server = null!;

    private string[] Switches => TestDatabase.SwitchesOf(server.ConnectionString());

    public async ValueTask InitializeAsync() => server = await PostgresInstance.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task A_data_directory_that_was_copied_is_refused_and_resumes_without_a_repetition()
    {
        await DrawAsync(first, 100);
        for (var round = 0; round < TestRounds.Count(few: 1, all: 10); round++)
        {
            await server.StopAsync();
            await PostgresPrograms.RunAsync("/bin/rm", "-rf", server.Place("copy"));
            await PostgresPrograms.RunAsync("/bin/cp", "-a", server.Data, server.Place("copy"));
            await server.StartAsync();
            await DrawAsync(first, 200, isKilled: true);
            await DrawAsync(second, 100, isKilled: true);
            await server.StopAsync();
            await PostgresPrograms.RunAsync("/bin/rm", "-rf", server.Data);
            await PostgresPrograms.RunAsync("/bin/mv", server.Place("copy"), server.Data);
            await server.StartAsync();

            await AssertRefusedThenResumedAsync();
        }
    }

    /// <summary>The nodes run on, and find another timeline of the same server.</summary>
    [Fact]
    public async Task A_base_backup_that_is_recovered_to_a_moment_is_refused_and_resumes_without_a_repetition()
    {
        var backup = await PostgresBackup.CreateAsync(server);
        await using (var one = await StartAsync(first))
        await using (var two = await StartAsync(second))
        {
            await DrawAsync(one, 100);
            await DrawAsync(two, 100);
            await backup.NameMomentAsync("moment");
            await DrawAsync(one, 100);
            await DrawAsync(two, 100);
            await server.KillAsync();
            await backup.RestoreAsync("moment");
            foreach (var node in new[] { one, two })
            {
                using var answer = await node.Client.GetAsync("random");
                Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                await node.LineAsync("lacks what was acknowledged: the pool 'default' is ");
            }
        }

        await AssertRefusedThenResumedAsync();
    }

    /// <summary>Each node refuses the server, also one that knows nothing, until one resumes.</summary>
    private async Task AssertRefusedThenResumedAsync()
    {
        using var fresh = new TemporaryDirectory();
        foreach (var directory in new[] { second, first, fresh })
        {
            await using var node = ServerProcess.Launch(directory, Switches);
            Assert.Equal(1, await node.ExitAsync());
            Assert.Contains(
                "lacks what was acknowledged: the pool 'default' is ", Assert.Single(node.Errors), StringComparison.Ordinal);
        }

        await DrawAsync(first, 50, switches: Resume);
        await DrawAsync(second, 50);
        await DrawAsync(fresh, 50);
    }

    private Task<ServerProcess> StartAsync(TemporaryDirectory directory, params string[] switches) =>
        ServerProcess.StartAsync(directory, [.. Switches, .. switches]);

    private async Task DrawAsync(TemporaryDirectory directory, int count, bool isKilled = false, params string[] switches)
    {
        await using var node = await StartAsync(directory, switches);
        await DrawAsync(node, count);
        if (isKilled)
            await node.KillAsync();
        else
            Assert.Equal(0, await node.StopAsync());
    }

    /// <summary>Draws by several clients at once, and verifies that no number was received before.</summary>
    private async Task DrawAsync(ServerProcess node, int count)
    {
        const int clients = 5;
        var numbers = await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            using var client = await DrawClient.ConnectAsync(node.Address);
            var own = new List<long>();
            while (own.Count < count / clients)
                own.Add(await client.DrawNumberAsync());
            return own;
        }));
        Assert.All(numbers.SelectMany(own => own), number => Assert.True(received.Add(number), $"{number} was received twice."));
    }
}
