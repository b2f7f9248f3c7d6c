using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace UniqueRandom.Testing.Http;

/// <summary>
/// An answer to GET /random: with status 200 a number, otherwise the whole text of the refusal, headers and all.
/// </summary>
internal readonly record struct DrawAnswer(int Status, long Number, string? Refusal);

/// <summary>One client on one connection kept alive. Reads just enough HTTP to cost less than the server that it loads.</summary>
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
    /// Draws one number; null when the connection ended before the answer was complete, so that nobody was given a number.
    /// </summary>
    public async Task<DrawAnswer?> DrawAsync()
    {
        await SendAsync(1);
        return await ReceiveAsync();
    }

    /// <summary>Draws one number from a server that must have one to give.</summary>
    public async Task<long> DrawNumberAsync()
    {
        var answer = await DrawAsync();
        Assert.Equal(200, answer?.Status);
        return answer!.Value.Number;
    }

    /// <summary>Asks for some numbers at once, to be received one by one.</summary>
    public async Task SendAsync(int requests)
    {
        try
        {
            await socket.SendAsync(Requests.AsMemory(0, requests * (Requests.Length / MostAtOnce)));
        }
        catch (SocketException)
        {
            // Reading will tell: answers that were sent before the connection ended are still there.
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

    /// <summary>The length of the body, or -1 when it is sent in parts and the last one is not there yet.</summary>
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
