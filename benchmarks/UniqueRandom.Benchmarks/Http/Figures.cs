namespace UniqueRandom.Benchmarks.Http;

/// <summary>What is to be reached.</summary>
internal static class Figures
{
    public static IEnumerable<Figure> Of(Results results)
    {
        var random = results.Random[64].Rate;
        return
        [
            new("`/random` ÷ bare endpoint, 64 connections", random.Over(results.Bare[64].Rate), 0.80, 0.95),
            new("`/random` ÷ bare endpoint, 256 connections", results.Random[256].Rate.Over(results.Bare[256].Rate), 0.80, 0.95),
            new("`/random`, 1 connection ÷ durable commits alone", results.Random[1].Rate.Over(results.Commits), 0.50, 0.70),
            new("`/random` ÷ generate-and-test, empty, 64 connections", random.Over(results.Empty[64].Rate), 10, 25, "0.0"),
            new("`/random` ÷ generate-and-test, 99.9 % full, 64 connections", random.Over(results.Full.Rate), 200, 1000, "0"),
            new("last 1 % of the pool ÷ first 1 %, 64 connections", results.LastPercent.Rate.Over(results.FirstPercent.Rate), 0.95, 1.0),
            new("seeding 1,000,000 (ms)", results.Seeding, 200, 80, "0", LowerIsBetter: true),
            new("start on an empty directory to the first answered draw (s)", results.FirstStart, 1.5, 0.8, LowerIsBetter: true),
            new("restart to the first answered draw (s)", results.Restart, 0.7, 0.4, LowerIsBetter: true),
            new("seeding 100,000,000, with the start around it (s)", results.LargeFirstStart, 15, 8, "0.0", LowerIsBetter: true),
            new("seeding 100,000,000, peak memory (MB)", results.LargePeakMemory, 600, 450, "0", LowerIsBetter: true),
            new("resident memory while serving 1,000,000 (MB)", results.ResidentMemory, 120, 80, "0", LowerIsBetter: true),
            new("resident memory while serving 100,000,000 (MB)", results.LargeResidentMemory, 120, 80, "0", LowerIsBetter: true),
            // Equal is what differs by less than a tenth: a heap is never twice the same.
            new("resident memory, 100,000,000 ÷ 1,000,000", results.LargeResidentMemory.Over(results.ResidentMemory), 1.10, 1.10, LowerIsBetter: true),
        ];
    }
}
