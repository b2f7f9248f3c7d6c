using System.Globalization;
using System.Net.Sockets;
using System.Text;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Client;

/// <summary>
/// Sends raw bytes, which an HTTP client would refuse to send, and reads until the connection is <c>Connection: close</c>.
/// </summary>
internal static class RawHttp
{
    /// <summary>
    /// Returns the answer, or null if the connection was closed without one. The request must send
    /// <c>Connection: close</c>.
    /// </summary>
    public static async Task<ApiAnswer?> SendAsync(Uri server, ReadOnlyMemory<byte> request)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port);
        await socket.SendAsync(request);

        var received = new MemoryStream();
        try
        {
            await using var stream = new NetworkStream(socket);
            await stream.CopyToAsync(received).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // The server resets the connection if it did not read the whole request. The answer has arrived.
        }

        return received.Length == 0 ? null : Parse(Encoding.Latin1.GetString(received.GetBuffer(), 0, (int)received.Length));
    }

    /// <summary>Sends a request whose characters are bytes.</summary>
    public static Task<ApiAnswer?> SendAsync(Uri server, string method, string target, string headers, ReadOnlySpan<byte> body) =>
        SendAsync(server, (byte[])[.. Head(method, target, headers, body.Length), .. body]);

    public static byte[] Head(string method, string target, string headers, int length) => Encoding.Latin1.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + $"{headers}{(length == 0 ? "" : $"Content-Length: {length}\r\n")}\r\n"));

    private static ApiAnswer Parse(string answer)
    {
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        Assert.True(end > 0 && answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal), answer);
        var lines = answer[..end].Split("\r\n");
        var headers = lines[1..].Select(line => line.Split(": ", 2)).ToDictionary(
            part => part[0], part => part[1], StringComparer.OrdinalIgnoreCase);
        var body = answer[(end + 4)..];
        return new ApiAnswer(
            int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture),
            headers.GetValueOrDefault("Content-Type"),
            headers,
            Encoding.UTF8.GetString(
                Encoding.Latin1.GetBytes(headers.ContainsKey("Transfer-Encoding") ? JoinChunks(body) : body)));
    }

    /// <summary>Joins the chunks of a body.</summary>
    private static string JoinChunks(string chunks)
    {
        var body = new StringBuilder();
        for (var at = 0; at < chunks.Length;)
        {
            var end = chunks.IndexOf("\r\n", at, StringComparison.Ordinal);
            var length = int.Parse(chunks.AsSpan(at, end - at), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            body.Append(chunks, end + 2, length);
            at = end + 2 + length + 2;
        }

        return body.ToString();
    }
}
