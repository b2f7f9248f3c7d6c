using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace UniqueRandom.Server.Tests.Client;

/// <summary>
/// Sends bytes as they are, such as no HTTP client would, and reads what comes back until the connection is closed.
/// </summary>
internal static class RawHttp
{
    /// <summary>
    /// Returns the answer, or null when the connection was closed without one. The request must ask for the connection to be
    /// closed.
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
            // Reset, because the server did not read all of the request: what it answered is there.
        }

        return received.Length == 0 ? null : Parse(Encoding.Latin1.GetString(received.GetBuffer(), 0, (int)received.Length));
    }

    /// <summary>A request as text, each character of which is a byte.</summary>
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
            Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(headers.ContainsKey("Transfer-Encoding") ? Joined(body) : body)));
    }

    /// <summary>The chunks of a body, put together.</summary>
    private static string Joined(string chunks)
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
