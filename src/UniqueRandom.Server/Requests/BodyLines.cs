using System.Buffers;
using System.IO.Pipelines;
using UniqueRandom.Server.Problems;

namespace UniqueRandom.Server.Requests;

/// <summary>
/// Reads a body line by line, in constant memory. A line ends with a line feed, or with the body. A UTF-8 byte order mark at the
/// start of the body is left out.
/// </summary>
/// <param name="body">The body.</param>
/// <param name="longest">The length of the longest line, in bytes.</param>
internal sealed class BodyLines(PipeReader body, int longest)
{
    private const byte LineFeed = (byte)'\n';

    /// <summary>Takes a line.</summary>
    /// <returns>Whether to read on.</returns>
    public delegate bool Taker(ReadOnlySpan<byte> line);

    /// <summary>Gets how many lines were taken.</summary>
    public long Count { get; private set; }

    /// <summary>Reads lines until one is the last of the body, or the last that is wanted.</summary>
    /// <exception cref="RefusedException">A line is too long, or refused by <paramref name="take"/>.</exception>
    /// <exception cref="BadHttpRequestException">The body is too long, or was cut off.</exception>
    public async Task ReadAsync(Taker take, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await body.ReadAsync(cancellationToken);
            var (next, readsOn) = (result.Buffer.Start, false);
            try
            {
                readsOn = Take(result.Buffer, result.IsCompleted, take, out next);
                // What is left has no line feed yet.
                if (readsOn)
                    RequireLength(result.Buffer.Slice(next).Length);
            }
            finally
            {
                // Also if a line is refused, so that the rest of the body can be skipped and the connection used again.
                body.AdvanceTo(next, readsOn ? result.Buffer.End : next);
            }

            if (!readsOn || result.IsCompleted)
                return;
        }
    }

    private bool Take(ReadOnlySequence<byte> buffer, bool isLast, Taker take, out SequencePosition next)
    {
        var reader = new SequenceReader<byte>(buffer);
        var readsOn = true;
        while (readsOn && reader.TryReadTo(out ReadOnlySpan<byte> line, LineFeed))
            readsOn = TakeOne(line, take);
        if (readsOn && isLast && !reader.End)
        {
            readsOn = TakeOne(reader.UnreadSequence.ToArray(), take);
            reader.AdvanceToEnd();
        }

        next = reader.Position;
        return readsOn;
    }

    private bool TakeOne(ReadOnlySpan<byte> line, Taker take)
    {
        RequireLength(line.Length);
        var byteOrderMark = "\uFEFF"u8;
        return take(Count++ == 0 && line.StartsWith(byteOrderMark) ? line[byteOrderMark.Length..] : line);
    }

    private void RequireLength(long length)
    {
        if (length > longest)
            throw new RefusedException(Problem.InvalidLine(Count + 1, $"is longer than {longest} bytes."));
    }
}
