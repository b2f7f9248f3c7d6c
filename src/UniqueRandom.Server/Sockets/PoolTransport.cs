using System.IO.Pipelines;

namespace UniqueRandom.Server.Sockets;

/// <summary>
/// Completes the reads and writes of a connection on the thread pool. For TLS, whose handshakes and ciphers would delay the other
/// sockets of an event loop.
/// </summary>
internal sealed class PoolTransport(IDuplexPipe transport) : IDuplexPipe
{
    public PipeReader Input { get; } = new Reader(transport.Input);

    public PipeWriter Output { get; } = new Writer(transport.Output);

    private static ValueTask<T> OnPoolAsync<T>(ValueTask<T> operation)
    {
        return operation.IsCompleted ? operation : AwaitAsync(operation);

        static async ValueTask<T> AwaitAsync(ValueTask<T> pending)
        {
            try
            {
                return await pending;
            }
            finally
            {
                await Task.Yield();
            }
        }
    }

    private sealed class Reader(PipeReader inner) : ForwardingReader(inner)
    {
        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            OnPoolAsync(Inner.ReadAsync(cancellationToken));
    }

    private sealed class Writer(PipeWriter inner) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
            OnPoolAsync(inner.FlushAsync(cancellationToken));

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override void Advance(int bytes) => inner.Advance(bytes);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);
    }
}
