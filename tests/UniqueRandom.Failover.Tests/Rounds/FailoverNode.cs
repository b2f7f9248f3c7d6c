using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Failover.Tests.Rounds;

/// <summary>A real server process, which keeps its address across restarts.</summary>
internal sealed class FailoverNode : IAsyncDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly string[] arguments;
    private ServerProcess? process;

    private FailoverNode(string connectionString, bool requiresStandby)
    {
        Address = new Uri($"http://127.0.0.1:{LoopbackPort.Take()}");
        arguments =
        [
            "--store", "postgres", "--connection-string", connectionString, "--maximum", $"{FailoverStage.PoolSize}", "--urls",
            Address.ToString(),
            .. requiresStandby ? (string[])["--require-sync-standby"] : [],
        ];
    }

    public Uri Address { get; }

    public IReadOnlyList<string> Output => process?.Output ?? [];

    /// <summary>Waits for the first line on stdout that contains a text.</summary>
    public Task<string> LineAsync(string text) => process!.LineAsync(text);

    /// <summary>Starts a node, and waits until it serves.</summary>
    /// <param name="ports">The ports of the servers or of proxies to them.</param>
    /// <param name="requiresStandby">Whether draws require a synchronous standby.</param>
    public static async Task<FailoverNode> StartAsync(IEnumerable<int> ports, bool requiresStandby = false)
    {
        var hosts = string.Join(',', ports.Select(port => $"127.0.0.1:{port}"));
        var node = new FailoverNode(
            $"Host={hosts};Username=postgres;Database=postgres;Target Session Attributes=primary", requiresStandby);
        try
        {
            await node.RestartAsync();
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    public async Task RestartAsync() => process = await ServerProcess.StartAsync(directory, arguments);

    /// <summary>Kills the process with SIGKILL.</summary>
    public async Task KillAsync()
    {
        await process!.KillAsync();
        await process.DisposeAsync();
        process = null;
    }

    /// <summary>Suspends the process with SIGSTOP, which leaves its transactions and connections open.</summary>
    public Task FreezeAsync() => process!.FreezeAsync();

    public Task ThawAsync() => Command.RunAsync("sh", "-c", "kill -CONT $1", "sh", $"{process!.Id}");

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
        directory.Dispose();
    }
}
