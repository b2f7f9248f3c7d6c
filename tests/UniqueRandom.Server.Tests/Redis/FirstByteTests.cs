using System.Text;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>Browsers can send bytes to any port, but every request of theirs begins with a method.</summary>
public sealed class FirstByteTests(RedisApiServer server) : IClassFixture<RedisApiServer>
{
    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")]
    [InlineData("\r\n")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("\0")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("SPOP default\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\0")]
    public async Task Another_first_byte_closes_the_connection_with_nothing_executed(string start)
    {
        var before = await server.DescribePoolsAsync();
        using var client = await server.ConnectAsync();

        await client.SendAsync(
            (byte[])[.. Encoding.ASCII.GetBytes(start), .. RespClient.Repeat(3, "SPOP", "default")]);

        Assert.Equal(
            "-ERR Protocol error: expected '*'; a command is an array of bulk strings, never a line of text\r\n",
            await client.ReceiveToEndAsync());
        Assert.Equal(before, await server.DescribePoolsAsync());
    }
}
