using System.IO.Pipelines;
using UniqueRandom.Queueing;

namespace UniqueRandom.Server.Sockets;

/// <summary>
/// Interrupts a connection that always has the next request ready, so that it does not keep an event loop from its other
/// sockets, and never lets a request begin on the thread that commits.
/// </summary>
/// <param name="transport">The transport of the connection.</param>
/// <param name="readsInRow">How many reads may follow each other on a loop.</param>
internal sealed class LoopTransport(IDuplexPipe transport, int readsInRow) : IDuplexPipe
{
    public PipeReader Input { get; } = new Reader(transport.Input, readsInRow);

    public PipeWriter Output => transport.Output;

    private sealed class Reader(PipeReader inner, int readsInRow) : ForwardingReader(inner)
    {
        private EventLoop? loop;
        private int reads;

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            var current = EventLoop.Current;
            loop = current ?? loop;
            var read = Inner.ReadAsync(cancellationToken);
            // A thread that is neither a loop's nor the pool's commits, and has just answered a draw.
            if (++reads < readsInRow && (current is not null || Thread.CurrentThread.IsThreadPoolThread))
                return read;
            reads = 0;
            return read.IsCompleted ? AfterOthersAsync(read) : read;
        }

        private async ValueTask<ReadResult> AfterOthersAsync(ValueTask<ReadResult> read)
        {
            if (loop is null)
            {
                await Task.Yield();
            }
            else
            {
                await LoopTurn.TakeAsync(loop);
            }

            return await read;
        }
    }
}
