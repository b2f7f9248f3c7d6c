using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Faults;

/// <summary>
/// A file system that fails or disappears while the process ends. The process still ends with one line and the right exit code.
/// </summary>
public sealed class FailingCloseTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly List<long> received = [];

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_server_whose_directory_was_removed_reports_this_when_it_stops()
    {
        await using var server = await StartInSubdirectoryAsync();
        Directory.Delete(directory.File("data"), recursive: true);

        Assert.Equal(1, await server.StopAsync());

        AssertOneFailure(server, "The store could not be closed", "was moved or removed");
    }

    [Fact]
    public async Task A_server_whose_directory_was_removed_ends_at_the_next_draw()
    {
        await using var server = await StartInSubdirectoryAsync();
        Directory.Delete(directory.File("data"), recursive: true);

        using (var client = await DrawClient.ConnectAsync(server.Address))
            Assert.Equal(503, (await client.DrawAsync())?.Status);

        Assert.Equal(1, await server.ExitAsync());
        AssertOneFailure(server, "The store failed", "was moved or removed");
    }

    [Fact]
    public async Task A_server_whose_commit_fails_ends_even_if_the_lock_file_cannot_be_removed()
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
        await AssertContinuesAsync(burned: 1);
    }

    [Fact]
    public async Task A_database_that_cannot_be_closed_keeps_its_WAL_and_the_next_start_reads_it()
    {
        await using (var server = await StartAsync())
        {
            await using var strace = await Strace.AttachAsync(
                server.Id, "fsync,fdatasync,unlink", "error=EIO", directory.Database);

            Assert.Equal(1, await server.StopAsync());

            AssertOneFailure(server, "The store could not be closed", "Leave the log beside the database");
        }

        Assert.True(File.Exists(directory.Database + "-wal"));
        await AssertContinuesAsync();
    }

    [Fact]
    public async Task A_mark_that_cannot_be_closed_leaves_the_database_as_after_a_crash()
    {
        await using (var server = await StartAsync())
        {
            await using var strace = await Strace.AttachAsync(server.Id, "fsync", "error=EIO", directory.Mark);

            Assert.Equal(1, await server.StopAsync());

            AssertOneFailure(server, "The store could not be closed", $"The mark '{directory.Mark}' can't be written");
        }

        Assert.True(File.Exists(directory.Database + "-wal"));
        await AssertContinuesAsync();
    }

    [Fact]
    public async Task A_lock_file_that_cannot_be_removed_is_not_a_failure_and_does_not_block_the_next_start()
    {
        await using (var server = await StartAsync())
        {
            await using var strace = await Strace.AttachAsync(server.Id, "unlink", "error=EIO", directory.Database + ".lock");

            Assert.Equal(0, await server.StopAsync());
        }

        Assert.True(File.Exists(directory.Database + ".lock"));
        await AssertContinuesAsync();
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
        received.Add(await client.DrawNumberAsync());
        return server;
    }

    private Task<ServerProcess> StartInSubdirectoryAsync()
    {
        Directory.CreateDirectory(directory.File("data"));
        return StartAsync("--database", Path.Combine(directory.File("data"), "numbers.db"));
    }

    private async Task AssertContinuesAsync(int burned = 0)
    {
        await using (var server = await StartAsync())
            Assert.Equal(0, await server.StopAsync());
        Assert.InRange(StoredDraws.Read(directory.Database).VerifyReceived(received), 0, burned);
    }
}
