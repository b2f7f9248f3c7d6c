using System.Globalization;
using UniqueRandom.Pools;
using UniqueRandom.Testing.Audit;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Browser.Tests.Verification;

/// <summary>The files of a pool of many numbers.</summary>
internal static class LargeFiles
{
    public static async Task<(string Status, string Log, string Sentence)> WriteAsync(
        TemporaryDirectory directory, int size, string format = "lines of 10,000 numbers")
    {
        var files = new PoolFiles(new PoolRange(1, size), Seeds.Counting);
        await File.WriteAllTextAsync(directory.File("status.json"), files.Status(size));
        await File.WriteAllLinesAsync(directory.File("log.jsonl"), format switch
        {
            "CSV" => SampleLog.Csv(files.Numbers, 0, size),
            "lines of one number" => Lines(files.Numbers, 1),
            _ => Lines(files.Numbers, 10_000),
        });
        return (directory.File("status.json"), directory.File("log.jsonl"), string.Create(
            CultureInfo.InvariantCulture,
            $"Holds: commitment {files.Commitment}, {size:N0} numbers at positions 0 to {size - 1:N0} of {files.Range}."));
    }

    private static IEnumerable<string> Lines(long[] numbers, int count) => Enumerable.Range(0, numbers.Length / count)
        .Select(batch => SampleLog.JsonLine(batch * count, count, numbers.AsSpan(batch * count, count)));
}
