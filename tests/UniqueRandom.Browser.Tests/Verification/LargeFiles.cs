using System.Globalization;
using UniqueRandom.Pools;
using UniqueRandom.Testing.Audit;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Browser.Tests.Verification;

/// <summary>The files of a pool whose numbers were drawn in batches of 10,000.</summary>
internal static class LargeFiles
{
    private const int BatchSize = 10_000;

    public static async Task<(string Status, string Log, string Sentence)> WriteAsync(TemporaryDirectory directory, int size)
    {
        var files = new PoolFiles(new PoolRange(1, size), Seeds.Counting);
        await File.WriteAllTextAsync(directory.File("status.json"), files.Status(size));
        await File.WriteAllLinesAsync(
            directory.File("log.jsonl"),
            Enumerable.Range(0, size / BatchSize).Select(batch => SampleLog.JsonLine(
                batch * BatchSize, BatchSize, files.Numbers.AsSpan(batch * BatchSize, BatchSize))));
        return (directory.File("status.json"), directory.File("log.jsonl"), string.Create(
            CultureInfo.InvariantCulture,
            $"Holds: commitment {files.Commitment}, {size:N0} numbers at positions 0 to {size - 1:N0} of {files.Range}."));
    }
}
