using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using UniqueRandom.Draws;

namespace UniqueRandom.Storage.Transfers;

/// <summary>
/// The SHA-256 of everything that is copied, except the permutations: their chunks have checksums that follow from the
/// commitment. The length of each text precedes it, so that no two contents have the same bytes.
/// </summary>
internal sealed class TransferDigest : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] buffer = new byte[64 << 10];
    private int used;

    public void Append(TransferredPool pool)
    {
        var row = pool.Row;
        Append(row.Id);
        Append(row.Name);
        Append(row.Minimum);
        Append(row.Maximum);
        Append(row.IsComputed ? 1 : 0);
        Append(row.StoredCode);
        Append(row.ImportedCount ?? -1);
        Append(row.ImportedSha256);
        Append(row.StoredState);
        Append(row.Cursor);
        Append(row.StoredSeed);
        Append(row.StoredCommitment);
        Append(pool.CreatedAt);
        Append(pool.ClosedAt);
        Append(row.Extensions.Count);
        foreach (var segment in row.Extensions)
            Append(segment);
    }

    public void Append(in DrawLogRow row)
    {
        Append(row.First);
        Append(row.Count);
        Append(row.DrawnAt);
        Append(row.Reference);
        Append(row.Key);
        Append(row.Caller);
    }

    public void Append(in TransferredDelivery delivery)
    {
        Append(delivery.Webhook);
        Append(delivery.PoolId);
        Append(delivery.Delivery.Level);
        Append(delivery.Delivery.Size);
        Append(delivery.Delivery.Attempts?.Level ?? -1);
        Append(delivery.Delivery.Attempts?.First);
        Append(delivery.Delivery.Attempts?.Last);
    }

    /// <summary>Gets the digest in hexadecimal, and starts over.</summary>
    public string Complete()
    {
        Flush();
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose() => hash.Dispose();

    private void Append(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Reserve(sizeof(long)), value);
        used += sizeof(long);
    }

    private void Append(SegmentRow segment)
    {
        Append(segment.Minimum);
        Append(segment.Maximum);
        Append(segment.IsComputed ? 1 : 0);
        Append(segment.StoredSeed);
        Append(segment.StoredCommitment);
        Append(segment.CreatedAt);
        Append(segment.IsReady ? 1 : 0);
        Append(segment.Key);
        Append(segment.Caller);
    }

    private void Append(DateTimeOffset? time) => Append(time?.ToUnixTimeMilliseconds() ?? long.MinValue);

    private void Append(ReadOnlySpan<byte> bytes)
    {
        Append(bytes.Length);
        Flush();
        hash.AppendData(bytes);
    }

    private void Append(string? text)
    {
        if (text is null)
        {
            Append(-1);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(text);
        if (length > buffer.Length)
        {
            Append(Encoding.UTF8.GetBytes(text));
            return;
        }

        Append(length);
        var place = Reserve(length);
        used += Encoding.UTF8.GetBytes(text, place);
    }

    /// <summary>Gets room for some bytes, which are not more than the buffer has.</summary>
    private Span<byte> Reserve(int length)
    {
        if (buffer.Length - used < length)
            Flush();
        return buffer.AsSpan(used);
    }

    private void Flush()
    {
        hash.AppendData(buffer.AsSpan(0, used));
        used = 0;
    }
}
