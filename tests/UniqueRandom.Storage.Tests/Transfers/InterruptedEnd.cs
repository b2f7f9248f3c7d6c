using UniqueRandom.Draws;
using UniqueRandom.Storage.Transfers;

namespace UniqueRandom.Storage.Tests.Transfers;

/// <summary>An end whose transfer is interrupted at one of its steps.</summary>
internal sealed class InterruptedEnd(TransferEnd end, string step) : TransferEnd
{
    /// <summary>The steps, in the order of a transfer. The pools have moved after the one with this name.</summary>
    public static readonly string[] Steps =
    [
        "opened", "begun", "pools", "first chunks", "rows", "deliveries", "saved", "read", "before " + Moved, Moved,
        "finished",
    ];

    public const string Moved = "moved";

    internal override async Task<ITransferSource> OpenSourceAsync(TimeProvider time, CancellationToken cancellationToken) =>
        new Source(await end.OpenSourceAsync(time, cancellationToken), step);

    internal override async Task<ITransferTarget> OpenTargetAsync(bool mustExist, CancellationToken cancellationToken)
    {
        var target = await end.OpenTargetAsync(mustExist, cancellationToken);
        return new Target(target, step);
    }

    private static void Pass(string reached, string step)
    {
        if (reached == step)
            throw new InterruptedException();
    }

    internal sealed class InterruptedException : Exception;

    private sealed class Source(ITransferSource source, string step) : ITransferSource
    {
        public string Place => source.Place;

        public Guid Identity => source.Identity;

        public TransferState? Moved => source.Moved;

        public ITransferReader Reader => source.Reader;

        public async Task MoveAsync(TransferState moved)
        {
            Pass("before " + InterruptedEnd.Moved, step);
            await source.MoveAsync(moved);
            Pass(InterruptedEnd.Moved, step);
        }

        public ValueTask DisposeAsync() => source.DisposeAsync();
    }

    private sealed class Target(ITransferTarget target, string step) : ITransferTarget
    {
        public string Place => target.Place;

        public bool HasPools => target.HasPools;

        public Guid Identity => target.Identity;

        public TransferState? Transfer => target.Transfer;

        public ITransferWriter Writer => new Writer(target.Writer, step);

        public async Task BeginAsync(Guid identity, Guid transfer, CancellationToken cancellationToken)
        {
            Pass("opened", step);
            await target.BeginAsync(identity, transfer, cancellationToken);
            Pass("begun", step);
        }

        public async Task SaveAsync(CancellationToken cancellationToken)
        {
            await target.SaveAsync(cancellationToken);
            Pass("saved", step);
        }

        public async Task<TransferContent> ReadAsync(
            Func<ITransferReader, Task<TransferContent>> read, CancellationToken cancellationToken)
        {
            var content = await target.ReadAsync(read, cancellationToken);
            Pass("read", step);
            return content;
        }

        public async Task FinishAsync(Guid transfer)
        {
            await target.FinishAsync(transfer);
            Pass("finished", step);
        }

        public ValueTask DisposeAsync() => target.DisposeAsync();
    }

    private sealed class Writer(ITransferWriter writer, string step) : ITransferWriter
    {
        public async Task WritePoolsAsync(IReadOnlyList<TransferredPool> pools, CancellationToken cancellationToken)
        {
            await writer.WritePoolsAsync(pools, cancellationToken);
            Pass("pools", step);
        }

        public Task WriteChunksAsync(
            TransferredPool pool, IAsyncEnumerable<TransferredChunk> chunks, CancellationToken cancellationToken) =>
            writer.WriteChunksAsync(pool, AfterFirst(chunks, "first chunks", step), cancellationToken);

        public Task WriteLogAsync(
            TransferredPool pool, IAsyncEnumerable<DrawLogRow> rows, CancellationToken cancellationToken) =>
            writer.WriteLogAsync(pool, AfterFirst(rows, "rows", step), cancellationToken);

        public async Task WriteDeliveriesAsync(
            IAsyncEnumerable<TransferredDelivery> deliveries, CancellationToken cancellationToken)
        {
            await writer.WriteDeliveriesAsync(deliveries, cancellationToken);
            Pass("deliveries", step);
        }

        private static async IAsyncEnumerable<T> AfterFirst<T>(IAsyncEnumerable<T> items, string reached, string step)
        {
            await foreach (var item in items)
            {
                yield return item;
                Pass(reached, step);
            }
        }
    }
}
