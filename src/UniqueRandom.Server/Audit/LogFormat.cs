using System.Buffers;
using UniqueRandom.Audit;
using UniqueRandom.Codes;

namespace UniqueRandom.Server.Audit;

/// <summary>Writes a draw log in a format.</summary>
internal abstract class LogFormat : IDisposable
{
    public abstract string MediaType { get; }

    /// <summary>Returns CSV if the header Accept prefers it, otherwise JSON lines.</summary>
    /// <param name="request">The request.</param>
    /// <param name="format">The codes of the pool; null for none.</param>
    public static LogFormat For(HttpRequest request, CodeFormat? format)
    {
        var accepted = request.GetTypedHeaders().Accept;
        var preferred = accepted.Where(type => type.Quality != 0).MaxBy(type => type.Quality ?? 1);
        var isCsv = preferred is not null && preferred.MediaType.Equals(CsvLog.Csv, StringComparison.OrdinalIgnoreCase);
        return isCsv ? new CsvLog(format) : new JsonLinesLog(format);
    }

    public virtual void Begin(IBufferWriter<byte> output)
    {
    }

    public abstract void Write(IBufferWriter<byte> output, in LoggedDraw draw);

    public virtual void Dispose() => GC.SuppressFinalize(this);
}
