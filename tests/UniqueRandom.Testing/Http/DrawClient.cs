using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace UniqueRandom.Testing.Http;

/// <summary>
/// An answer to GET /random: with status 200 a number, otherwise the text of the response, including headers.
/// </summary>
internal readonly record struct DrawAnswer(int Status, long Number, string? Refusal);

/// <summary>
/// A client with one persistent connection. Parses only as much HTTP as needed, to use less CPU than the server.
/// </summary>
internal sealed class DrawClient : IDisposable
{
    private const int MostAtOnce = 64;

    private static readonly byte[] Requests =
    [
        .. Enumerable.Repeat(
        "GET /random HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), MostAtOnce).SelectMany(request => request),
    ];

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;

    private DrawClient()
    {
    }

    public static async Task<DrawClient> ConnectAsync(Uri server)
    {
        var client = new DrawClient();
        try
        {
            await client.socket.ConnectAsync(server.Host, server.Port);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Draws one number; null if the connection ended before the answer was complete.
    /// </summary>
    public async Task<DrawAnswer?> DrawAsync()
    {
        await SendAsync(1);
        return await ReceiveAsync();
    }

    /// <summary>Draws one number, and fails the test if there is none.</summary>
    public async Task<long> DrawNumberAsync()
    {
        var answer = await DrawAsync();
        Assert.Equal(200, answer?.Status);
        return answer!.Value.Number;
    }

    /// <summary>Sends pipelined requests, whose answers are received one by one.</summary>
    public async Task SendAsync(int requests)
    {
        try
        {
            await socket.SendAsync(Requests.AsMemory(0, requests * (Requests.Length / MostAtOnce)));
        }
        catch (SocketException)
        {
            // Ignored: answers that were sent before the connection ended can still be read.
        }
    }

    public async ValueTask<DrawAnswer?> ReceiveAsync()
    {
        DrawAnswer answer;
        while (!TryParse(out answer))
        {
            if (await FillAsync() == 0)
                return null;
        }

        return answer;
    }

    public void Dispose() => socket.Dispose();

    private async ValueTask<int> FillAsync()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        try
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(end));
            end += count;
            return count;
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    private bool TryParse(out DrawAnswer answer)
    {
        answer = default;
        var received = buffer.AsSpan(start, end - start);
        var headLength = received.IndexOf("\r\n\r\n"u8) + 4;
        if (headLength < 4)
            return false;

        var head = received[..headLength];
        var rest = received[headLength..];
        var length = LengthOf(head, rest);
        if (length < 0 || length > rest.Length)
            return false;

        Assert.True(Utf8Parser.TryParse(head["HTTP/1.1 ".Length..], out int status, out _), Encoding.UTF8.GetString(head));
        answer = status == 200
            ? new DrawAnswer(status, NumberIn(rest[..length]), null)
            : new DrawAnswer(status, 0, Encoding.UTF8.GetString(received[..(headLength + length)]));
        start += headLength + length;
        return true;
    }

    /// <summary>Gets the length of the body; -1 if it is chunked and the last chunk has not arrived yet.</summary>
    private static int LengthOf(ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest)
    {
        var at = head.IndexOf("Content-Length: "u8);
        if (at >= 0)
            return Utf8Parser.TryParse(head[(at + "Content-Length: ".Length)..], out int length, out _) ? length : -1;

        var last = rest.IndexOf("\r\n0\r\n\r\n"u8);
        return last < 0 ? -1 : last + "\r\n0\r\n\r\n".Length;
    }

    private static long NumberIn(ReadOnlySpan<byte> body)
    {
        var prefix = "{\"number\":"u8;
        var isNumber = body.StartsWith(prefix)
            & Utf8Parser.TryParse(body[Math.Min(prefix.Length, body.Length)..], out long number, out var digits)
            & body[^1] == (byte)'}' & prefix.Length + digits + 1 == body.Length;
        Assert.True(isNumber, Encoding.UTF8.GetString(body));
        return number;
    }
}
