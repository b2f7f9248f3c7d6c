using System.Net.Sockets;
using System.Text;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Access;

/// <summary>Keys are never logged, at any log level and in any malformed request.</summary>
public sealed class SecrecyTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly KeyHolder shop = new("shop", "draw");

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("Debug")]
    [InlineData("Verbose")]
    public async Task No_key_is_ever_logged(string level)
    {
        var environment = KeyHolder.Environment(shop);
        string[] sources =
        [
            "Default", "Override__Microsoft", "Override__System",
            // This category would log keys. No setting can enable it.
            "Override__Microsoft.AspNetCore.Server.Kestrel.BadRequests", "Override__Microsoft.AspNetCore.Server.Kestrel",
        ];
        foreach (var source in sources)
            environment.Add($"Serilog__MinimumLevel__{source}", level);
        await using var server = await ServerProcess.StartAsync(directory, environment, "--maximum", "20");

        string[] heads =
        [
            $"GET /random HTTP/1.1\r\nAuthorization: Bearer {shop.Key}",
            $"GET /random HTTP/1.1\r\nAuthorization: Bearer {shop.Key}x",
            $"GET /random HTTP/1.1\r\nAuthorization : Bearer {shop.Key}",
            $"GET /random HTTP/1.1\r\nAuthorization: Bearer\0{shop.Key}",
            $"GET /random HTTP/1.1\r\nAuthorization\r\n Bearer {shop.Key}", $"GET /random?key={shop.Key} HTTP/1.1",
            $"GET /random#{shop.Key} {shop.Key}",
        ];
        var answers = new List<string>();
        foreach (var head in heads)
            answers.Add(await SendRequestAsync(server, $"{head}\r\nHost: localhost\r\nConnection: close\r\n\r\n"));

        Assert.Equal(["200", "401", "400", "400", "400", "401", "400"], answers.Select(answer => answer.Split(' ')[1]));
        Assert.Equal(0, await server.StopAsync());
        Assert.Contains(server.Output, line => line.Contains("DBG Drew", StringComparison.Ordinal));
        Assert.DoesNotContain(
            answers.Concat(server.Output).Concat(server.Errors),
            line => line.Contains(shop.Key, StringComparison.OrdinalIgnoreCase));
    }

    private static async Task<string> SendRequestAsync(ServerProcess server, string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Address.Host, server.Address.Port, TestContext.Current.CancellationToken);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
