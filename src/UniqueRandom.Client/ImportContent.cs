using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using UniqueRandom.Client.Models;

namespace UniqueRandom.Client;

/// <summary>
/// The body of an import: the definition of a pool, and numbers, each in a line. Each attempt enumerates the numbers.
/// </summary>
internal sealed class ImportContent : HttpContent
{
    private const int BufferSize = 64 << 10;

    /// <summary>The length of the longest integer with its line feed.</summary>
    private const int LongestLine = 21;

    private readonly byte[] definition;
    private readonly IEnumerable<long> numbers;

    public ImportContent(PoolDefinition definition, IEnumerable<long> numbers)
    {
        this.numbers = numbers;
        this.definition = JsonSerializer.SerializeToUtf8Bytes(PoolRequest.Of(definition), ClientJson.Default.PoolRequest);
        Headers.ContentType = new MediaTypeHeaderValue(MediaTypes.JsonLines);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(definition, cancellationToken).ConfigureAwait(false);
        await stream.WriteAsync("\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        var (buffer, used) = (new byte[BufferSize], 0);
        foreach (var number in numbers)
        {
            if (BufferSize - used < LongestLine)
            {
                await stream.WriteAsync(buffer.AsMemory(0, used), cancellationToken).ConfigureAwait(false);
                used = 0;
            }

            Utf8Formatter.TryFormat(number, buffer.AsSpan(used), out var digits);
            used += digits;
            buffer[used++] = (byte)'\n';
        }

        await stream.WriteAsync(buffer.AsMemory(0, used), cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
