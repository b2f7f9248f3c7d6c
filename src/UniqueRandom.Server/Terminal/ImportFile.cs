using System.IO.Pipelines;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Server.Configuration;
using UniqueRandom.Server.Requests;

namespace UniqueRandom.Server.Terminal;

/// <summary>
/// The numbers of a file, one on each line. They are read before anything is sent, so that a mistake is found by its line, and so
/// that a retry sends the same ones when the file is a pipe.
/// </summary>
internal sealed class ImportFile : IDisposable
{
    private const string StandardInput = "-";

    private const int OffsetsAtOnce = 4096;

    private readonly PoolRange range;
    private readonly OffsetSet offsets;

    private ImportFile(PoolRange range) => (this.range, offsets) = (range, new OffsetSet(range.Size));

    /// <summary>Gets how many numbers there are.</summary>
    public long Count => offsets.Count;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; <c>-</c> for standard input.</param>
    /// <param name="range">The range of the pool.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="TerminalException">A line is not a new number of the pool, or the file can't be read.</exception>
    public static async Task<ImportFile> ReadAsync(string path, PoolRange range, CancellationToken cancellationToken)
    {
        ImportFile? read = null;
        try
        {
            read = new ImportFile(range);
            await using var stream = path == StandardInput ? Console.OpenStandardInput() : File.OpenRead(path);
            await read.ReadAsync(stream, path, cancellationToken);
            return read;
        }
        catch (Exception error) when (error
            is IOException or UnauthorizedAccessException or ArgumentException or InsufficientMemoryException or RefusedException)
        {
            read?.Dispose();
            var reason = (error as RefusedException)?.Problem.ProblemDetails.Detail ?? error.Message;
            throw new TerminalException(ExitCodes.BadInput, $"Can't import '{path}': {reason}", error);
        }
    }

    /// <summary>Gets the numbers in ascending order.</summary>
    /// <param name="reached">Learns from time to time how many were taken.</param>
    public IEnumerable<long> Numbers(Action<long> reached)
    {
        var found = new uint[OffsetsAtOnce];
        var (next, taken) = (0L, 0L);
        while (offsets.Copy(ref next, found) is > 0 and var count)
        {
            for (var i = 0; i < count; i++)
                yield return range.NumberAt(found[i]);
            reached(taken += count);
        }
    }

    public void Dispose() => offsets.Dispose();

    private async Task ReadAsync(Stream stream, string path, CancellationToken cancellationToken)
    {
        var lines = new BodyLines(PipeReader.Create(stream), HttpLimits.MaximumBodyLength);
        await lines.ReadAsync(
            line => ImportedLine.Add(line, range, offsets) is { } rule
                ? throw new TerminalException(ExitCodes.BadInput, $"Can't import '{path}': line {lines.Count} {rule}")
                : true,
            cancellationToken);
        if (offsets.Count == 0)
            throw new TerminalException(ExitCodes.BadInput, $"Can't import '{path}': it has no numbers.");
    }
}
