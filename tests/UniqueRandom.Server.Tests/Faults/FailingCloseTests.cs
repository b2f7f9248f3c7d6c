using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Faults;

/// <summary>
/// A file system that fails, or disappears, while the process ends: it ends all the same, with one line and the right exit code.
/// </summary>
public sealed class FailingCloseTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly List<long> given = [];

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_server_whose_directory_was_removed_says_so_when_it_is_stopped()
    {
        await using var server = await StartInOwnDirectoryAsync();
        Directory.Delete(directory.File("own"), recursive: true);

        Assert.Equal(1, await server.StopAsync());

        AssertOneFailure(server, "The store could not be closed", "was moved or removed");
    }

    [Fact]
    public async Task A_server_whose_directory_was_removed_ends_at_the_next_draw()
    {
        await using var server = await StartInOwnDirectoryAsync();
        Directory.Delete(directory.File("own"), recursive: true);

        using (var client = await DrawClient.ConnectAsync(server.Address))
            Assert.Equal(503, (await client.DrawAsync())?.Status);

        Assert.Equal(1, await server.ExitAsync());
        AssertOneFailure(server, "The store failed", "was moved or removed");
    }

    [Fact]
    public async Task A_server_whose_commit_fails_ends_although_the_lock_file_can_not_be_removed()
    {
        await using (var server = await StartAsync())
        {
            await using var strace = await Strace.AttachAsync(server.Id, "fsync,fdatasync,unlink", "error=EIO");
            using (var client = await DrawClient.ConnectAsync(server.Address))
                Assert.Equal(503, (await client.DrawAsync())?.Status);

            Assert.Equal(1, await server.ExitAsync());
            AssertOneFailure(server, "The store failed", "failed (");
        }

        // The draw that failed may have been recorded.
        await AssertGoesOnAsync(burned: 1);
    }

    [Fact]
    public async Task A_database_that_can_not_be_closed_keeps_its_log_and_the_next_start_reads_it()
    {
        await using (var server = await StartAsync())
        {
            await using var strace = await Strace.AttachAsync(server.Id, "fsync,fdatasync,unlink", "error=EIO");

            Assert.Equal(1, await server.StopAsync());

            AssertOneFailure(server, "The store could not be closed", "Leave the log beside the database");
        }

        Assert.True(File.Exists(directory.Database + "-wal"));
        await AssertGoesOnAsync();
    }

    [Fact]
    public async Task A_lock_file_that_can_not_be_removed_is_no_failure_and_locks_nothing()
    {
        await using (var server = await StartAsync())
        {
            await using var strace = await Strace.AttachAsync(server.Id, "unlink", "error=EIO", directory.Database + ".lock");

            Assert.Equal(0, await server.StopAsync());
        }

        Assert.True(File.Exists(directory.Database + ".lock"));
        await AssertGoesOnAsync();
        Assert.False(File.Exists(directory.Database + ".lock"));
    }

    private static void AssertOneFailure(ServerProcess server, params string[] parts)
    {
        var failure = Assert.Single(server.Output, line => line.Contains(" FTL ", StringComparison.Ordinal));
        Assert.All(parts, part => Assert.Contains(part, failure, StringComparison.Ordinal));
        Assert.DoesNotContain(server.Output, line => line.StartsWith("   at ", StringComparison.Ordinal));
        Assert.Empty(server.Errors);
    }

    /// <summary>Starts a server that has answered one draw.</summary>
    private async Task<ServerProcess> StartAsync(params string[] arguments)
    {
        var server = await ServerProcess.StartAsync(directory, ["--maximum", "1000", .. arguments]);
        using var client = await DrawClient.ConnectAsync(server.Address);
        given.Add(await client.DrawNumberAsync());
        return server;
    }

    private Task<ServerProcess> StartInOwnDirectoryAsync()
    {
        Directory.CreateDirectory(directory.File("own"));
        return StartAsync("--database", Path.Combine(directory.File("own"), "numbers.db"));
    }

    private async Task AssertGoesOnAsync(int burned = 0)
    {
        await using (var server = await StartAsync())
            Assert.Equal(0, await server.StopAsync());
        Assert.InRange(StoredDraws.Read(directory.Database).VerifyGiven(given), 0, burned);
    }
}
