using System.Buffers;
using Microsoft.Net.Http.Headers;
using UniqueRandom.Audit;

namespace UniqueRandom.Server.Audit;

/// <summary>How a draw log is written.</summary>
internal abstract class LogFormat : IDisposable
{
    public abstract string MediaType { get; }

    /// <summary>CSV where the client prefers it, otherwise JSON lines.</summary>
    public static LogFormat For(HttpRequest request)
    {
        _ = MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted);
        var preferred = accepted?.Where(type => type.Quality != 0).MaxBy(type => type.Quality ?? 1);
        return preferred is not null && preferred.MediaType.Equals(CsvLog.Csv, StringComparison.OrdinalIgnoreCase) ? new CsvLog() : new JsonLinesLog();
    }

    public virtual void Begin(IBufferWriter<byte> output)
    {
    }

    public abstract void Write(IBufferWriter<byte> output, in LoggedDraw draw);

    public virtual void Dispose() => GC.SuppressFinalize(this);
}
