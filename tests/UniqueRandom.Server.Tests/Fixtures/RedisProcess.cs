using System.Globalization;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Fixtures;

/// <summary>A server of one test that serves the Redis protocol, too.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private RedisProcess(ServerProcess server, int port) => (Server, Port) = (server, port);

    public ServerProcess Server { get; }

    /// <summary>The port of the Redis protocol.</summary>
    public int Port { get; }

    /// <summary>Starts the server, and waits until it serves.</summary>
    public static Task<RedisProcess> StartAsync(TemporaryDirectory directory, params IReadOnlyList<string> arguments) =>
        StartAsync(directory, [], arguments);

    /// <summary>Starts the server with keys, and waits until it serves.</summary>
    public static async Task<RedisProcess> StartAsync(
        TemporaryDirectory directory, Dictionary<string, string> environment, params IReadOnlyList<string> arguments)
    {
        var port = LoopbackPort.Take();
        return new RedisProcess(
            await ServerProcess.StartAsync(directory, environment, [.. arguments, "--redis-urls", AddressOf(port)]), port);
    }

    public static string AddressOf(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    public Task<RespClient> ConnectAsync(int receiveBuffer = 0) => RespClient.ConnectAsync(Port, receiveBuffer);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
