using System.Collections.Concurrent;
using System.IO.Pipelines;
using UniqueRandom.Queueing;
using UniqueRandom.Server.Sockets;

namespace UniqueRandom.Server.Tests.Sockets;

/// <summary>A client that always has the next request ready gives way to the others.</summary>
public sealed class LoopTransportTests
{
    private const int ReadsInRow = 32;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly PipeReader reader;

    public LoopTransportTests()
    {
        var pipe = new Pipe();
        pipe.Writer.WriteAsync(new byte[1]).AsTask().Wait(TestContext.Current.CancellationToken);
        reader = new LoopTransport(new Duplex(pipe), ReadsInRow).Input;
    }

    [Fact]
    public async Task On_an_event_loop_the_reader_waits_for_its_turn()
    {
        var loop = new QueueLoop();
        var reads = loop.Run(() => Enumerable.Range(0, ReadsInRow).Select(_ => ReadAsync()).ToArray());

        Assert.All(reads[..^1], read => Assert.True(read.IsCompleted));
        Assert.False(reads[^1].IsCompleted);
        Assert.Single(loop.Items).Execute();
        await reads[^1];
    }

    [Fact]
    public async Task On_the_thread_that_commits_the_reader_leaves_it()
    {
        // Instead of the thread pool, which may continue before the thread has seen that it has to wait.
        var others = new QueueContext();
        var read = Task.CompletedTask;
        var committing = new Thread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(others);
            read = ReadAsync();
        });
        committing.Start();
        Assert.True(committing.Join(Patience));

        Assert.False(read.IsCompleted);
        others.RunAll();
        await read;
    }

    private async Task ReadAsync()
    {
        var read = await reader.ReadAsync(CancellationToken.None);
        reader.AdvanceTo(read.Buffer.Start);
    }

    private sealed record Duplex(Pipe Pipe) : IDuplexPipe
    {
        public PipeReader Input => Pipe.Reader;

        public PipeWriter Output => Pipe.Writer;
    }

    private sealed class QueueContext : SynchronizationContext
    {
        private readonly ConcurrentQueue<Action> items = new();

        public override void Post(SendOrPostCallback d, object? state) => items.Enqueue(() => d(state));

        public void RunAll()
        {
            while (items.TryDequeue(out var item))
                item();
        }
    }

    private sealed class QueueLoop : EventLoop
    {
        public Queue<IThreadPoolWorkItem> Items { get; } = new();

        public override void Post(IThreadPoolWorkItem item) => Items.Enqueue(item);

        public T Run<T>(Func<T> function)
        {
            Current = this;
            try
            {
                return function();
            }
            finally
            {
                Current = null;
            }
        }
    }
}
