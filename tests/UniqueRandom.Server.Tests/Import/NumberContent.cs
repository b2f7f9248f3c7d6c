using System.Buffers.Text;
using System.Net;
using System.Text;

namespace UniqueRandom.Server.Tests.Import;

/// <summary>The body of an import of the numbers from 1 on, created while it is sent.</summary>
internal sealed class NumberContent(string definition, int count) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(definition + "\n"));
        var (buffer, used) = (new byte[1 << 16], 0);
        for (var number = 1; number <= count; number++)
        {
            Utf8Formatter.TryFormat(number, buffer.AsSpan(used), out var digits);
            used += digits;
            buffer[used++] = (byte)'\n';
            if (used < buffer.Length - 20 && number < count)
                continue;
            await stream.WriteAsync(buffer.AsMemory(0, used));
            used = 0;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
