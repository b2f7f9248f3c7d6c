using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Connections;
using UniqueRandom.Draws;
using UniqueRandom.Server.Access;

namespace UniqueRandom.Server.Redis;

/// <summary>
/// Executes the commands of a connection one after the other, except that draws which were sent together wait together: they
/// share a batch. While answers wait to be written or read, no more commands are read.
/// </summary>
internal sealed class RedisConnection(ConnectionContext connection, RedisServices services, long id)
{
    /// <summary>How many commands are executed before their answers are sent.</summary>
    private const int MaximumBurst = 128;

    private static readonly RespLimits BeforeAuthentication = new(Arguments: 8, Length: 1024);
    private static readonly RespLimits Usual = new(Arguments: 32, Length: 4096);

    // For commands that the transport splits. The reader may look at a few bytes behind the largest one.
    private readonly byte[] joined = new byte[Usual.Length + 16];
    private Func<ValueTask>? deferred;
    private bool isClosing;

    public long Id => id;

    public RedisServices Services => services;

    public RespWriter Writer { get; } = new(connection.Transport.Output);

    public LastPoolName Pool { get; } = new();

    public RedisReplies Replies => field ??= new RedisReplies(services, Writer);

    /// <summary>The access key; null before AUTH.</summary>
    public ApiKey? Key { get; set; }

    /// <summary>The name that the client gave itself; null without one.</summary>
    public string? Name { get; set; }

    public IPAddress? ClientAddress => (connection.RemoteEndPoint as IPEndPoint)?.Address;

    public int LocalPort => (connection.LocalEndPoint as IPEndPoint)?.Port ?? 0;

    /// <summary>Whether commands may be executed.</summary>
    public bool IsAuthenticated => services.Keys is null || Key is not null;

    public void Draw(in DrawRequest request, RedisReply form) => Replies.Add(request, form, connection.ConnectionClosed);

    /// <summary>Continues a command on the thread pool, and reads the next one when it has ended.</summary>
    public void Defer(Func<ValueTask> work) => deferred = work;

    /// <summary>Closes the connection when the answers so far are sent.</summary>
    public void Close() => isClosing = true;

    /// <summary>Runs until either side closes the connection.</summary>
    public async Task RunAsync()
    {
        var (input, output) = (connection.Transport.Input, connection.Transport.Output);
        while (!isClosing)
        {
            var read = await input.ReadAsync();
            if (read.IsCanceled)
                return;
            var rest = read.Buffer;
            var needsMore = Execute(ref rest);
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

    /// <summary>Executes the commands in a buffer, up to one whose answer has to wait.</summary>
    /// <param name="rest">The buffer; returns what is left of it.</param>
    /// <returns>Whether the next command is incomplete.</returns>
    private bool Execute(ref ReadOnlySequence<byte> rest)
    {
        Span<Range> arguments = stackalloc Range[Usual.Arguments];
        for (var i = 0; i < MaximumBurst && Replies.Numbers < DrawRequest.MaximumCount && deferred is null && !isClosing; i++)
        {
            var limits = IsAuthenticated ? Usual : BeforeAuthentication;
            var bytes = rest.FirstSpan;
            var reader = new RespReader(bytes, limits);
            var status = reader.Read(arguments, out var count);
            if (status == RespStatus.Incomplete && !rest.IsSingleSegment)
            {
                var length = (int)Math.Min(rest.Length, joined.Length);
                rest.Slice(0, length).CopyTo(joined);
                bytes = joined.AsSpan(0, length);
                reader = new RespReader(bytes, limits);
                status = reader.Read(arguments, out count);
            }

            if (status == RespStatus.Incomplete)
                return true;
            if (status == RespStatus.Malformed)
            {
                Replies.AddError($"ERR Protocol error: {reader.Error}");
                Close();
                return false;
            }

            // Redis ignores an empty array, too.
            if (count > 0 && !RedisCommands.TryExecute(this, new RespCommand(bytes, arguments[..count])))
                return false;
            rest = rest.Slice(reader.Position);
        }

        return false;
    }
}
