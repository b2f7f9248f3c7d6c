using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace UniqueRandom.Benchmarks.Load;

/// <summary>
/// Sends GET requests at a fixed rate, whatever the server does with them: an open loop. The latency of a request counts from the
/// time at which it was due, so that a server that stalls gets no time for free ("coordinated omission").
/// </summary>
internal sealed class FixedRate : IDisposable
{
    public const int Connections = 1024;

    /// <summary>An answer is smaller than this, and arrives in one piece.</summary>
    private const int BufferLength = 512;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly ConcurrentQueue<(Socket Socket, byte[] Buffer)> idle = new();
    private readonly List<Socket> sockets = [];
    private readonly ConcurrentBag<double> latencies = [];
    private readonly byte[] request;
    private int failures;

    private FixedRate(Uri url)
    {
        request = System.Text.Encoding.ASCII.GetBytes($"GET {url.AbsolutePath} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        for (var i = 0; i < Connections; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            sockets.Add(socket);
            socket.Connect(IPAddress.Loopback, url.Port);
            idle.Enqueue((socket, new byte[BufferLength]));
        }
    }

    /// <summary>Sends requests for some seconds, and waits for all answers.</summary>
    /// <exception cref="InvalidOperationException">A request failed, or was not answered in time.</exception>
    public static async Task<LoadResult> RunAsync(string url, int rate, int seconds, CancellationToken cancellationToken)
    {
        using var load = new FixedRate(new Uri(url));
        var start = Stopwatch.GetTimestamp();
        await Task.Factory.StartNew(
            () => load.Send(rate, rate * seconds, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        while (load.idle.Count < Connections && Stopwatch.GetElapsedTime(start) < Timeout)
            await Task.Delay(1, cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(start);
        var ordered = load.latencies.Order().ToList();
        if (load.failures > 0 || ordered.Count < rate * seconds)
            throw new InvalidOperationException($"Of {rate * seconds} requests to {url}, {ordered.Count} were answered.");
        return new LoadResult(
            ordered.Count / elapsed.TotalSeconds, ordered[ordered.Count / 2], ordered[ordered.Count * 99 / 100], ordered.Count);
    }

    public void Dispose() => sockets.ForEach(socket => socket.Dispose());

    private void Send(int rate, int count, CancellationToken cancellationToken)
    {
        const uint microseconds = 50;
        var start = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < count && !cancellationToken.IsCancellationRequested;)
        {
            var due = start + (long)((double)sent / rate * Stopwatch.Frequency);
            if (Stopwatch.GetTimestamp() < due || !idle.TryDequeue(out var connection))
            {
                _ = Sleep(microseconds);
                continue;
            }

            sent++;
            connection.Socket.Send(request);
            _ = ReceiveAsync(connection.Socket, connection.Buffer, due);
        }
    }

    private async Task ReceiveAsync(Socket socket, byte[] buffer, long due)
    {
        try
        {
            var length = await socket.ReceiveAsync(buffer);
            latencies.Add(Stopwatch.GetElapsedTime(due).TotalMilliseconds);
            if (!buffer.AsSpan(0, length).StartsWith("HTTP/1.1 200"u8))
                Interlocked.Increment(ref failures);
        }
        catch (SocketException)
        {
            Interlocked.Increment(ref failures);
        }

        idle.Enqueue((socket, buffer));
    }

    /// <summary>Thread.Sleep has a resolution of a millisecond.</summary>
    [DllImport("libc", EntryPoint = "usleep")]
    private static extern int Sleep(uint microseconds);
}
