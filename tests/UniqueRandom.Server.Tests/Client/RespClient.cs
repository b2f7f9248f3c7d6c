using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace UniqueRandom.Server.Tests.Client;

/// <summary>A client of the Redis protocol that can send any bytes.</summary>
internal sealed class RespClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Socket socket;
    private byte[] buffer = new byte[16 * 1024];
    private int start;
    private int end;

    private RespClient(Socket socket) => this.socket = socket;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    /// <summary>Connects to a port of this machine.</summary>
    /// <param name="port">The port.</param>
    /// <param name="receiveBuffer">How many bytes the system keeps for a client that does not read; 0 for the default.</param>
    public static async Task<RespClient> ConnectAsync(int port, int receiveBuffer = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer > 0)
            socket.ReceiveBufferSize = receiveBuffer;
        await socket.ConnectAsync(IPAddress.Loopback, port, CancellationToken);
        return new RespClient(socket);
    }

    /// <summary>Encodes a command as an array of bulk strings.</summary>
    public static byte[] Encode(params IReadOnlyList<string> arguments)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"*{arguments.Count}\r\n");
        foreach (var argument in arguments)
            text.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(argument)}\r\n{argument}\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Encodes the same command several times.</summary>
    public static byte[] Repeat(int count, params IReadOnlyList<string> arguments) =>
        [.. Enumerable.Repeat(Encode(arguments), count).SelectMany(command => command)];

    /// <summary>Sends a command, and returns its answer.</summary>
    public async Task<RespValue> CallAsync(params IReadOnlyList<string> arguments)
    {
        await SendAsync(Encode(arguments));
        return await NextAsync();
    }

    /// <summary>Sends bytes, even if the server has closed the connection: what it answered before can still be read.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
                bytes = bytes[await socket.SendAsync(bytes, CancellationToken)..];
        }
        catch (SocketException)
        {
        }
    }

    /// <summary>Sends no more. The server answers what it has received.</summary>
    public void EndSending()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The server has closed the connection.
        }
    }

    /// <summary>Resets the connection.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }

    /// <summary>Returns the next answer, and fails if the server closes the connection before.</summary>
    public async Task<RespValue> NextAsync() =>
        await ReceiveAsync() ?? throw new InvalidOperationException("The server closed the connection without an answer.");

    /// <summary>Returns the next answers.</summary>
    public async Task<RespValue[]> NextAsync(int count)
    {
        var answers = new RespValue[count];
        for (var i = 0; i < count; i++)
            answers[i] = await NextAsync();
        return answers;
    }

    /// <summary>Returns the next answer; null if the server closes the connection before it is whole.</summary>
    public async ValueTask<RespValue?> ReceiveAsync()
    {
        while (true)
        {
            var reader = new RespValueReader(buffer.AsSpan(start, end - start));
            if (reader.TryRead(out var value))
            {
                start += reader.Position;
                return value;
            }

            if (await FillAsync() == 0)
                return null;
        }
    }

    /// <summary>Returns all bytes up to the end of the connection.</summary>
    public async Task<string> ReceiveToEndAsync()
    {
        while (await FillAsync() > 0)
        {
        }

        return Encoding.UTF8.GetString(buffer, start, end - start);
    }

    public void Dispose() => socket.Dispose();

    private async ValueTask<int> FillAsync()
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        if (end == buffer.Length)
            Array.Resize(ref buffer, 2 * buffer.Length);
        try
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(end), CancellationToken).AsTask()
                .WaitAsync(Patience, CancellationToken);
            end += count;
            return count;
        }
        catch (SocketException)
        {
            // The server has reset the connection. The answers that were received before are in the buffer.
            return 0;
        }
    }
}
