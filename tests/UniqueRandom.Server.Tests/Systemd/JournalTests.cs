using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Systemd;

/// <summary>Lines for the journal begin with their priority.</summary>
public sealed class JournalTests : IDisposable
{
    /// <summary>The shell becomes the server, so that the variable has its process ID, as systemd sets it.</summary>
    private static readonly string[] AsService = ["bash", "-c", "SYSTEMD_EXEC_PID=$$ exec \"$@\"", "bash"];

    private static readonly Dictionary<string, string> Journal = new() { ["JOURNAL_STREAM"] = "8:12345" };

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Events_of_a_service_have_the_priority_of_their_level()
    {
        await using var server = await ServerProcess.ServeAsync(
            ServerProcess.LaunchExactly(
            AsService, directory, Journal, "--maximum", "1", "--urls", "http://127.0.0.1:0"));
        await server.Client.GetStringAsync(new Uri("/random", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(0, await server.StopAsync());

        Assert.StartsWith("<6>2", await server.LineAsync("INF Serving pool"));
        Assert.StartsWith("<4>2", await server.LineAsync("WRN Pool default is exhausted"));
        Assert.All(server.Output, line => Assert.StartsWith("<", line));
    }

    [Fact]
    public async Task The_reason_of_a_start_that_fails_has_a_priority()
    {
        await using var server = ServerProcess.LaunchExactly(AsService, directory, Journal, "--maximum", "ten");

        Assert.Equal(1, await server.ExitAsync());
        Assert.StartsWith("<2>--maximum", Assert.Single(server.Errors));
    }

    [Fact]
    public async Task A_shell_that_a_service_has_started_sees_no_priorities()
    {
        await using var server = await ServerProcess.StartAsync(directory, Journal);
        Assert.Equal(0, await server.StopAsync());

        Assert.All(server.Output, line => Assert.StartsWith("2", line));
    }
}
