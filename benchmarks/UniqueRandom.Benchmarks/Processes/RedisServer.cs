using System.Diagnostics;
using System.Runtime.InteropServices;
using UniqueRandom.Benchmarks.Load;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Benchmarks.Processes;

/// <summary>A Redis server that syncs each write before it answers, as UniqueRandom does.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly ChildProcess process;

    private RedisServer(string directory) => process = new ChildProcess(new ProcessStartInfo(
        "redis-server",
        [
            "--bind", "127.0.0.1", "--port", $"{Port}", "--dir", directory, "--save", "",
            "--appendonly", "yes", "--appendfsync", "always", "--auto-aof-rewrite-percentage", "0",
        ]));

    public int Port { get; } = LoopbackPort.Take();

    /// <summary>Starts a server that has a set of the numbers 1 to a size.</summary>
    public static async Task<RedisServer> StartAsync(string directory, int size, CancellationToken cancellationToken)
    {
        var server = new RedisServer(directory);
        try
        {
            await server.process.LineAsync(server.process.Output, "Ready to accept connections");
            await RedisBenchmark.FillAsync(server.Port, size, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Signal(PosixSignal.SIGTERM);
            await process.ExitAsync();
        }

        await process.DisposeAsync();
    }
}
