using System.Net;
using System.Text.RegularExpressions;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Maintenance;

/// <summary>What the verb says, and what servers say that use one of its ends.</summary>
public sealed partial class TransferCommandTests(PostgresServer postgres) : IDisposable
{
    private const string Variable = "UniqueRandom__ConnectionString";

    private readonly TemporaryDirectory directory = new();

    private TransferPlace File => new(directory, "numbers.db", null);

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task The_connection_string_can_be_in_the_environment_and_one_line_says_what_has_moved()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await DrawAsync(File);

        var line = await TransferRun.DoneAsync(
            directory,
            new() { [Variable] = $"{database.ConnectionString};Password=secret" },
            "--from", "numbers.db", "--to", "postgres");
        Assert.Matches(Line(), line);
        Assert.Contains($", database {database.Name}. Pools: 1; drawn numbers: 1; keys: 0; ", line);
        Assert.DoesNotContain("secret", line);
        var refusal = await File.RefusedAsync();
        Assert.Matches(
            @"numbers\.db' has moved its pools to PostgreSQL .*, at \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ; draw from there\.$",
            refusal);
        Assert.DoesNotContain("secret", refusal);
    }

    [Fact]
    public async Task A_file_that_a_server_draws_from_is_refused()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var server = await ServerProcess.StartAsync(directory);

        Assert.Contains(
            "is in use by another process",
            await TransferRun.FailedAsync(directory, "--from", "numbers.db", "--to", database.ConnectionString));
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("random")).StatusCode);
    }

    /// <summary>Nodes should be stopped before. A node that runs must not draw any more, nor report that it could.</summary>
    [Fact]
    public async Task A_node_that_runs_refuses_draws_and_its_log_says_where_the_pools_are()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var node = await ServerProcess.StartAsync(directory, database.Switches);
        Assert.Equal(HttpStatusCode.OK, (await node.Client.GetAsync("random")).StatusCode);

        await TransferRun.DoneAsync(
            directory, [], "--from", database.ConnectionString, "--to", "new.db", "--to-mark", "new.mark");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await node.Client.GetAsync("random")).StatusCode);
        await node.LineAsync($"has moved its pools to {directory.File("new.db")}, at ");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await node.Client.GetAsync("health/ready")).StatusCode);
        await using var server = await ServerProcess.StartAsync(directory, "--database", "new.db", "--mark", "new.mark");
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("random")).StatusCode);
        Assert.Equal(0, await node.StopAsync());
        Assert.Equal(0, await server.StopAsync());
    }

    [Theory]
    [InlineData("--from", "Option '--to' is required", "--from", "numbers.db")]
    [InlineData("both files", "are of the same kind", "--from", "numbers.db", "--to", "other.db")]
    [InlineData("both databases", "are of the same kind", "--from", "Host=a", "--to", "postgres")]
    [InlineData("no variable", "in UniqueRandom__ConnectionString, which is not set", "--from", "a", "--to", "postgres")]
    [InlineData("no host", "names no host", "--from", "numbers.db", "--to", "Database=numbers")]
    [InlineData("no string", "can't be read", "--from", "numbers.db", "--to", "Hostile=a")]
    [InlineData("a mark", "each PostgreSQL node creates its own mark", "--from", "a", "--to", "Host=a", "--to-mark", "m")]
    [InlineData("two marks", "has one mark", "--from", "a", "--to", "Host=a", "--from-mark", "m", "--from-mark", "n")]
    [InlineData("unknown", "Unknown switch '--force'", "--from", "a", "--to", "Host=a", "--force")]
    public async Task A_mistake_is_one_line(string _, string expected, params string[] arguments)
    {
        Assert.Contains(expected, await TransferRun.FailedAsync(directory, arguments));
        Assert.Empty(directory.Contents());
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_one_line()
    {
        await DrawAsync(File);
        var line = await TransferRun.FailedAsync(
            directory, "--from", "numbers.db", "--to", $"Host=127.0.0.1:{LoopbackPort.Take()};Username=u", "--timeout", "1");
        Assert.StartsWith("No server is a primary: 127.0.0.1:", line);
        Assert.EndsWith(" Run the transfer again.", line);
        await DrawAsync(File);
    }

    [GeneratedRegex(@"^Moved to PostgreSQL \S+, database \w+\. Pools: \d; drawn numbers: \d; keys: \d; seconds: \d+\.\d\.$")]
    private static partial Regex Line();

    private static async Task DrawAsync(TransferPlace place)
    {
        await using var server = (await place.TryStartAsync())!;
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("random")).StatusCode);
        Assert.Equal(0, await server.StopAsync());
    }
}
