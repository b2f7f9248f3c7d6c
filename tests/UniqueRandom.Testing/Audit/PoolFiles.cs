using System.Text.Json;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Testing.Audit;

/// <summary>The files of a pool that an audit reads.</summary>
internal sealed record PoolFiles(PoolRange Range, Seed Seed, PoolOrder Order = PoolOrder.Stored)
{
    /// <summary>The published test vector.</summary>
    public static PoolFiles Ten { get; } = new(new PoolRange(1, 10), Seeds.Zero);

    /// <summary>The numbers that come first, ascending; null for none.</summary>
    public long[]? ImportedNumbers { get; init; }

    /// <summary>The list of the imported numbers; null for none.</summary>
    public ImportedList? Imported => ImportedNumbers is null ? null : SampleLog.ListOf(Range, ImportedNumbers);

    /// <summary>The numbers by position; of a computed order the first thousand.</summary>
    public long[] Numbers => field ??= Order == PoolOrder.Stored
        ? SampleLog.Numbers(Seed, Range, ImportedNumbers ?? [])
        : FirstThousand();

    public string Commitment => Pools.Commitment.To(Seed, Range, Order, Imported).ToString();

    /// <summary>The status, in the form of the server, with fields that an audit doesn't read.</summary>
    public string Status(long? drawn) => Status(Commitment, drawn);

    public string Status(string commitment, long? drawn) =>
        $$"""{"pool":"raffle","minimum":{{Range.Minimum}},"maximum":{{Range.Maximum}},"size":{{Range.Size}},"state":"closed","""
        + $"\"order\":\"{(Order == PoolOrder.Computed ? "computed" : "stored")}\",\"drawn\":{JsonSerializer.Serialize(drawn)},"
        + $"\"imported\":{JsonSerializer.Serialize(Imported?.Count)},"
        + $"\"importedSha256\":{JsonSerializer.Serialize(Imported?.Sha256)},"
        + $"\"commitment\":\"{commitment}\",\"seed\":\"{Seed.Reveal()}\","
        + "\"createdAt\":\"2026-11-22T18:51:02.816Z\",\"drawsPerSecond\":0.25,\"exhaustionExpectedAt\":null}";

    public string Json(int first, params int[] counts) => Text(SampleLog.Json(Numbers, first, counts));

    public string Csv(int first, int count) => Text(SampleLog.Csv(Numbers, first, count));

    public static string Text(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));

    private long[] FirstThousand()
    {
        var numbers = new long[1000];
        new ComputedNumbers(Range, Seed).CopyNumbers(0, numbers);
        return numbers;
    }
}
