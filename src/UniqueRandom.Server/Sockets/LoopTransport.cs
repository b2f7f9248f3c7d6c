using System.IO.Pipelines;
using UniqueRandom.Queueing;

namespace UniqueRandom.Server.Sockets;

/// <summary>
/// Interrupts the requests of a connection after some reads, so that a client that pipelines requests does not keep an event loop
/// from its other sockets.
/// </summary>
internal sealed class LoopTransport(IDuplexPipe transport) : IDuplexPipe
{
    private const int ReadsInRow = 32;

    public PipeReader Input { get; } = new Reader(transport.Input);

    public PipeWriter Output => transport.Output;

    private sealed class Reader(PipeReader inner) : ForwardingReader(inner)
    {
        private int reads;

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            if (++reads < ReadsInRow)
                return Inner.ReadAsync(cancellationToken);
            reads = 0;
            return AfterOthersAsync(EventLoop.Current, cancellationToken);
        }

        private async ValueTask<ReadResult> AfterOthersAsync(EventLoop? loop, CancellationToken cancellationToken)
        {
            if (loop is null)
            {
                // Perhaps the thread that commits, which answers a single client.
                await Task.Yield();
            }
            else
            {
                var turn = new Turn();
                loop.Post(turn);
                await turn.Task;
            }

            return await Inner.ReadAsync(cancellationToken);
        }
    }

    // Its continuation runs on the loop.
    private sealed class Turn : TaskCompletionSource, IThreadPoolWorkItem
    {
        public void Execute() => SetResult();
    }
}
