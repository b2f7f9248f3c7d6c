using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using UniqueRandom.Testing.Files;

namespace UniqueRandom.Server.Tests.Systemd;

/// <summary>The socket on which systemd receives the state of a service.</summary>
internal sealed class NotifySocket : IDisposable
{
    /// <summary>A bound on a hang, not a measurement.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly Channel<string> messages = Channel.CreateUnbounded<string>();
    private readonly string path;

    public NotifySocket(TemporaryDirectory directory)
    {
        path = directory.File("notify");
        socket.Bind(new UnixDomainSocketEndPoint(path));
        _ = ReadAsync();
    }

    /// <summary>Whether no message waits.</summary>
    public bool IsEmpty => messages.Reader.Count == 0 && socket.Available == 0;

    /// <summary>The variables with which systemd starts a service that it watches.</summary>
    /// <param name="watchdog">The time within which the service must report; null if it is not watched.</param>
    public Dictionary<string, string> Environment(TimeSpan? watchdog = null)
    {
        var environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path };
        if (watchdog is { } time)
            environment["WATCHDOG_USEC"] = $"{(long)time.TotalMicroseconds}";
        return environment;
    }

    /// <summary>Returns the next message; null if none arrives in time.</summary>
    public async Task<string?> TryReceiveAsync(TimeSpan time)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(time);
        try
        {
            return await messages.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public async Task<string> ReceiveAsync() =>
        await TryReceiveAsync(Patience) ?? throw new TimeoutException("No message arrived.");

    /// <summary>Waits for a message, and skips others.</summary>
    public async Task ReceiveAsync(string message)
    {
        while (await ReceiveAsync() != message)
        {
        }
    }

    public void Dispose() => socket.Dispose();

    /// <summary>Reads at all times, because a sender waits while some ten messages are not read.</summary>
    private async Task ReadAsync()
    {
        var message = new byte[256];
        while (true)
        {
            try
            {
                var length = await socket.ReceiveAsync(message);
                messages.Writer.TryWrite(Encoding.UTF8.GetString(message, 0, length));
            }
            catch (SocketException)
            {
                // Disposed.
                return;
            }
        }
    }
}
