namespace UniqueRandom.Benchmarks.Http;

/// <summary>What is to be reached.</summary>
internal static class Figures
{
    /// <summary>All that was measured.</summary>
    public static IEnumerable<Figure> Of(Results results) => All(results).Where(figure => figure.Measured.Count > 0);

    private static IEnumerable<Figure> All(Results results)
    {
        var random = results.Random[64].Rate;
        var (one, two) = (results.Postgres.OneNode, results.Postgres.TwoNodes);
        return
        [
            new("`/random` ÷ bare endpoint, 64 connections", random.Over(results.Bare[64].Rate), 0.80, 0.95),
            new("`/random` ÷ bare endpoint, 256 connections", results.Random[256].Rate.Over(results.Bare[256].Rate), 0.80, 0.95),
            new("`/random`, 1 connection ÷ durable commits alone", results.Random[1].Rate.Over(results.Commits), 0.50, 0.70),
            .. Results.BuildConnections.Select(connections => new Figure(
                $"`/random` ÷ `/random` of {results.Earlier?.Name}, {connections} connections",
                results.BuildNow[connections].Rate.Over(results.BuildEarlier[connections].Rate),
                0.97,
                1.0)),
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
            new("`/random` with a fresh key ÷ without, 64 connections", results.GetKeyed.Rate.Over(results.Get.Rate), 0.50, 0.80),
            new("`POST` of one draw with a fresh key ÷ without, 64 connections", results.PostKeyed.Rate.Over(results.Post.Rate), 0.50, 0.80),
            new(
                $"numbers a second in draws of {Batches.Count:N0}, {Batches.Connections} connections",
                results.Batches.Rate.Times(Batches.Count), 3_000_000, 6_000_000, "N0"),
            new(
                $"`/random` while {Results.SeededSize:N0} are seeded ÷ at rest, p99 at 64 connections",
                results.WhileSeeding.P99.Over(results.AtRest.P99), 2.0, 1.3, LowerIsBetter: true),
            new($"look-up of the last of {Results.DefaultSize:N0} drawn (ms)", results.LookUp, 5, 3, "0.0", LowerIsBetter: true),
            new($"look-up of the last of {Results.LargeSize:N0} drawn (s)", results.LargeLookUp.Times(0.001), 1, 0.5, LowerIsBetter: true),
            new("postgres ÷ pgbench `UPDATE … RETURNING`, 64 connections", one[64].Rate.Over(results.Postgres.Counter[64]), 8, 12, "0.0"),
            new("postgres ÷ pgbench `DELETE … SKIP LOCKED`, 64 connections", one[64].Rate.Over(results.Postgres.Rows[64]), 2, 3, "0.0"),
            .. PostgresResults.Connections.Select(connections => new Figure(
                $"postgres, two nodes ÷ one node, {connections} connections", two[connections].Rate.Over(one[connections].Rate), 1.0, 1.1)),
            new("postgres ÷ SQLite, 256 connections", one[256].Rate.Over(results.Postgres.Sqlite.Rate), 0.6, 0.8),
        ];
    }
}
