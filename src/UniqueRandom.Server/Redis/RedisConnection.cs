using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using UniqueRandom.Draws;
using UniqueRandom.Server.Access;

namespace UniqueRandom.Server.Redis;

/// <summary>
/// Executes the commands of a connection one after the other, except that draws which were sent together wait together: they
/// share a batch. While replies wait to be written or read, no more commands are read.
/// </summary>
internal sealed class RedisConnection(ConnectionContext connection, RedisServices services, long id)
{
    /// <summary>How many commands are executed before their replies are sent.</summary>
    private const int MaximumBurst = 128;

    /// <summary>How many bytes of replies are written before they are sent.</summary>
    private const int MaximumUnflushed = 64 * 1024;

    /// <summary>More arguments than any command has. Commands with more are read and refused.</summary>
    private const int MaximumArguments = 32;

    /// <summary>
    /// How long draws may wait after the client has shut down its sending side. It may still read the replies, or be gone.
    /// </summary>
    private static readonly TimeSpan HalfClosedTimeout = TimeSpan.FromSeconds(1);

    private static readonly RespLimits BeforeAuthentication = new(Arguments: 8, Length: 1024);
    private static readonly RespLimits Usual = new(Arguments: 1024, Length: 4096);

    private byte[]? joined;
    private Func<ValueTask>? deferred;
    private CancellationToken gone;
    private bool hasExecuted;
    private bool hasWaited;
    private bool isClosing;

    public long Id => id;

    public RedisServices Services => services;

    public RespWriter Writer { get; } = new(connection.Transport.Output);

    public LastPoolName Pool { get; } = new();

    public PendingReplies Replies => field ??= new PendingReplies(services, Writer);

    /// <summary>The access key; null before AUTH.</summary>
    public ApiKey? Key { get; set; }

    /// <summary>The name that the client gave itself; null without one.</summary>
    public string? Name { get; set; }

    public IPAddress? ClientAddress => (connection.RemoteEndPoint as IPEndPoint)?.Address;

    public int LocalPort => (connection.LocalEndPoint as IPEndPoint)?.Port ?? 0;

    /// <summary>Whether the client may draw, or the server has no access keys.</summary>
    public bool IsAuthenticated => services.Keys is null || Key is not null;

    public void Draw(in DrawRequest request, ReplyForm form) => Replies.Add(request, form, gone);

    /// <summary>Continues a command on the thread pool, and executes the next one when it has ended.</summary>
    public void Defer(Func<ValueTask> work) => deferred = work;

    /// <summary>
    /// Whether a command that needs a pool must wait until the server has started. The commands that are received meanwhile wait
    /// with it, and not one after the other.
    /// </summary>
    public bool MustWaitForPools()
    {
        if (services.Gate.IsOpen || hasWaited || !IsAuthenticated)
            return false;
        Defer(WaitForPoolsAsync);
        return true;
    }

    /// <summary>Closes the connection when the replies so far are sent.</summary>
    public void Close() => isClosing = true;

    /// <summary>Runs until the server closes the connection, or the client has sent everything and has all replies.</summary>
    public async Task RunAsync()
    {
        using var timeout = new CancellationTokenSource();
        await using var registration = connection.ConnectionClosed.Register(() => timeout.CancelAfter(HalfClosedTimeout));
        gone = timeout.Token;
        var (input, output) = (connection.Transport.Input, connection.Transport.Output);
        while (!isClosing)
        {
            var read = await input.ReadAsync();
            if (read.IsCanceled)
                return;
            var rest = read.Buffer;
            var needsMore = Execute(ref rest);
            hasWaited &= !needsMore;
            input.AdvanceTo(rest.Start, needsMore ? rest.End : rest.Start);
            await Replies.WriteAsync();
            if (deferred is { } work)
            {
                deferred = null;
                await Task.Run(() => work().AsTask());
            }

            var flushed = await output.FlushAsync();
            if (flushed.IsCompleted || (read.IsCompleted && needsMore))
                return;
        }
    }

    private async ValueTask WaitForPoolsAsync()
    {
        // The replies to the commands before it.
        await connection.Transport.Output.FlushAsync();
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(gone, stopping);
        try
        {
            await services.Gate.WaitAsync(ended.Token);
        }
        catch (OperationCanceledException)
        {
            // The client has shut down its sending side or is gone, or the server stops.
        }

        hasWaited = true;
    }

    /// <summary>Executes the commands in a buffer, up to one that has to wait for replies.</summary>
    /// <param name="rest">The buffer; returns what is left of it.</param>
    /// <returns>Whether the next command is incomplete.</returns>
    private bool Execute(ref ReadOnlySequence<byte> rest)
    {
        Span<Range> places = stackalloc Range[MaximumArguments];
        for (var i = 0; i < MaximumBurst && Replies.Numbers < DrawRequest.MaximumCount && deferred is null && !isClosing
            && connection.Transport.Output.UnflushedBytes < MaximumUnflushed; i++)
        {
            var bytes = rest.FirstSpan;
            var status = Read(bytes, places, out var count, out var reader);
            if (status == RespStatus.Incomplete && !rest.IsSingleSegment)
            {
                bytes = Join(rest);
                status = Read(bytes, places, out count, out reader);
            }

            if (status == RespStatus.Incomplete)
                return true;
            if (status == RespStatus.Malformed)
            {
                Replies.AddError($"ERR Protocol error: {reader.Error}");
                Close();
                return false;
            }

            if (count > MaximumArguments)
                Replies.AddError($"ERR more than {MaximumArguments} arguments");
            // Redis ignores an empty array, too.
            else if (count > 0 && !CommandTable.TryExecute(this, new CommandArguments(bytes, places[..count])))
                return false;
            hasExecuted = true;
            rest = rest.Slice(reader.Position);
        }

        return false;
    }

    private RespStatus Read(
        ReadOnlySpan<byte> bytes, scoped Span<Range> places, out int count, out RespReader reader)
    {
        reader = new RespReader(bytes, IsAuthenticated ? Usual : BeforeAuthentication);
        count = 0;
        // Never as the first byte, which decides whether this is a client of Redis.
        return hasExecuted && !reader.TrySkipEmptyLine() ? RespStatus.Incomplete : reader.Read(places, out count);
    }

    /// <summary>Joins a command that the transport has split. The reader looks at a few bytes behind it.</summary>
    private ReadOnlySpan<byte> Join(ReadOnlySequence<byte> rest)
    {
        joined ??= new byte[Usual.Length + 16];
        var length = (int)Math.Min(rest.Length, joined.Length);
        rest.Slice(0, length).CopyTo(joined);
        return joined.AsSpan(0, length);
    }
}
