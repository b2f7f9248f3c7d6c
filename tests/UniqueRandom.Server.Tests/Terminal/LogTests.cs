using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Network;

namespace UniqueRandom.Server.Tests.Terminal;

/// <summary>The verbs export and verify.</summary>
public sealed class LogTests(ApiServer server) : IClassFixture<ApiServer>, IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("jsonl", "application/x-ndjson")]
    [InlineData("csv", "text/csv")]
    public async Task An_export_has_the_bytes_of_the_route(string format, string accept)
    {
        var pool = await CreateDrawnPoolAsync();
        var file = directory.File("log");

        Assert.Empty((await RunAsync("export", pool, "--format", format, "--output", file)).Done());

        var expected = await server.Client.FetchAsync($"/pools/{pool}/draws", accept: accept);
        Assert.Equal(expected.Text, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal(
            expected.Text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            (await RunAsync("export", pool, "--format", format)).Done());
        Assert.Equal([file], directory.Contents().Keys);
    }

    [Fact]
    public async Task An_export_continues_behind_a_position()
    {
        var pool = await CreateDrawnPoolAsync();
        var all = (await RunAsync("export", pool, "--format", "csv")).Done();
        var rest = (await RunAsync("export", pool, "--format", "csv", "--after", "6")).Done();
        Assert.Equal([all[0], .. all.Skip(8)], rest);
    }

    [Fact]
    public async Task A_file_is_never_replaced_and_never_incomplete()
    {
        var pool = await CreateDrawnPoolAsync();
        var file = directory.File("log");
        await File.WriteAllTextAsync(file, "mine", TestContext.Current.CancellationToken);

        Assert.Contains("exists", (await RunAsync("export", pool, "--output", file)).Failed(2));
        Assert.Equal("mine", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Contains("Can't write the log", (await RunAsync("export", pool, "--output", directory.File("no/log"))).Failed(2));
        (await RunAsync("export", "none", "--output", directory.File("other"))).Failed(3);
        var missing = new Uri($"http://127.0.0.1:{LoopbackPort.Take()}");
        var lost = await Run.OfAsync(missing, "export", pool, "--output", directory.File("other"), "--timeout", "1");
        Assert.Equal(5, lost.ExitCode);
        Assert.Equal([file], directory.Contents().Keys);
    }

    [Fact]
    public async Task A_log_that_follows_the_order_holds_and_another_commitment_deviates()
    {
        var pool = await CreateDrawnPoolAsync();
        Assert.Contains("is open. Close it first", (await RunAsync("verify", pool)).Failed(3));
        await server.Client.ClosePoolAsync(pool);
        var commitment = (await server.Client.StatusAsync(pool)).GetProperty("commitment").GetString()!;

        string[] expected = [$"Holds: commitment {commitment}, 31 numbers at positions 0 to 30 of 1..100."];
        Assert.Equal(expected, (await RunAsync("verify", pool)).Done());
        Assert.Equal(expected, (await RunAsync("verify", pool, "--commitment", commitment.ToUpperInvariant())).Done());
        var other = await RunAsync("verify", pool, "--commitment", new string('0', 64), "--json");
        Assert.Equal(1, other.ExitCode);
        Assert.StartsWith("""{"holds":false,"sentence":"Deviates""", Assert.Single(other.Output));
    }

    private async Task<string> CreateDrawnPoolAsync()
    {
        var pool = await server.CreatePoolAsync(100);
        await server.Client.DrawAsync(pool, 7, "=1+1, \"x\"");
        await server.Client.DrawAsync(pool, 20, key: $"{pool}-key");
        for (var i = 0; i < 4; i++)
            await server.Client.FetchAsync($"/pools/{pool}/random");
        return pool;
    }

    private Task<Run> RunAsync(params string[] arguments) => Run.OfAsync(server.Address, arguments);
}
