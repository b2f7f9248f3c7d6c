using System.Runtime.CompilerServices;
using UniqueRandom.Draws;
using UniqueRandom.Permutations;

namespace UniqueRandom.Storage.Transfers;

/// <summary>Copies everything from a reader to a writer, piece by piece, and learns what it is.</summary>
/// <param name="reader">The reader.</param>
/// <param name="writer">The writer.</param>
/// <param name="progress">Receives which part is done, 0 to 1.</param>
internal sealed class TransferCopy(ITransferReader reader, ITransferWriter writer, IProgress<double>? progress) : IDisposable
{
    private readonly TransferDigest digest = new();
    private Int128 total;
    private long done;
    private long numbers;
    private long keys;

    /// <summary>Copies everything.</summary>
    public async Task<TransferContent> RunAsync(CancellationToken cancellationToken)
    {
        var pools = await reader.ListAsync(cancellationToken);
        total = pools.Aggregate(
            Int128.Zero, (sum, pool) => sum + pool.Row.Cursor + Chunk.OffsetsIn(pool.ChunkCount, pool.StoredSize));
        foreach (var pool in pools)
            digest.Append(pool);
        await writer.WritePoolsAsync(pools, cancellationToken);
        foreach (var pool in pools)
        {
            if (pool.ChunkCount > 0)
                await writer.WriteChunksAsync(pool, FollowChunksAsync(pool, cancellationToken), cancellationToken);
            await writer.WriteLogAsync(pool, FollowLogAsync(pool, cancellationToken), cancellationToken);
        }

        await writer.WriteDeliveriesAsync(FollowDeliveriesAsync(cancellationToken), cancellationToken);
        return new TransferContent(pools.Count, numbers, keys, digest.Complete());
    }

    public void Dispose() => digest.Dispose();

    private async IAsyncEnumerable<TransferredChunk> FollowChunksAsync(
        TransferredPool pool, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var chunk in reader.ReadChunksAsync(pool, cancellationToken))
        {
            yield return chunk;
            Report(chunk.Bytes.Length / sizeof(uint));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async IAsyncEnumerable<DrawLogRow> FollowLogAsync(
        TransferredPool pool, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in reader.ReadLogAsync(pool, cancellationToken))
        {
            digest.Append(row);
            yield return row;
            numbers += row.Count;
            keys += row.Key is null ? 0 : 1;
            Report(row.Count);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async IAsyncEnumerable<TransferredDelivery> FollowDeliveriesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var delivery in reader.ReadDeliveriesAsync(cancellationToken))
        {
            digest.Append(delivery);
            yield return delivery;
        }
    }

    private void Report(long more)
    {
        done += more;
        progress?.Report(done / (double)total);
    }
}
