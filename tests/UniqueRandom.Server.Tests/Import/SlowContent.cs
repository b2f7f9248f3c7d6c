using System.Net;
using System.Text;

namespace UniqueRandom.Server.Tests.Import;

/// <summary>A body whose first lines are refused, and whose other lines follow slowly.</summary>
internal sealed class SlowContent(string firstLines, int seconds) : HttpContent
{
    /// <summary>Kestrel demands 240 bytes a second.</summary>
    private const int BytesPerSecond = 4096;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(firstLines));
        for (var second = 0; second < seconds; second++)
        {
            await stream.FlushAsync();
            await Task.Delay(TimeSpan.FromSeconds(1));
            await stream.WriteAsync(Encoding.UTF8.GetBytes(new string('\n', BytesPerSecond)));
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
