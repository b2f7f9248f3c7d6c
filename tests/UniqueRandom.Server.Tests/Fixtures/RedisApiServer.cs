using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Network;

namespace UniqueRandom.Server.Tests.Fixtures;

/// <summary>A running server that serves the Redis protocol, too, and that the tests of a class share.</summary>
public sealed class RedisApiServer : ApiServer
{
    /// <summary>The port of the Redis protocol.</summary>
    public int Port { get; } = LoopbackPort.Take();

    protected override string[] Switches => ["--redis-urls", RedisProcess.AddressOf(Port)];

    /// <summary>Connects a client that uses a version of the protocol.</summary>
    internal async Task<RespClient> ConnectAsync(int version = 2)
    {
        var client = await RespClient.ConnectAsync(Port);
        if (version == 3)
            Assert.Equal('%', (await client.CallAsync("HELLO", "3")).Type);
        return client;
    }
}
