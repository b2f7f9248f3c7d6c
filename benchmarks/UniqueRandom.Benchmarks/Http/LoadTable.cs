namespace UniqueRandom.Benchmarks.Http;

/// <summary>The loads beside those of the rivals, as far as they were measured.</summary>
internal static class LoadTable
{
    /// <summary>The table, or nothing when it would have no rows.</summary>
    public static string Draw(Results results)
    {
        var rows = Rows(results)
            .Where(row => row.Loads.Rate.Count > 0)
            .Select(row => $"| {row.Request} | {row.Connections} | {row.Loads.Cells()} |")
            .ToList();
        return rows.Count == 0 ? "" : string.Join('\n', ["| request | connections | requests/s | p50 (ms) | p99 (ms) |", "|---|---:|---:|---:|---:|", .. rows]);
    }

    private static IEnumerable<(string Request, int Connections, LoadSeries Loads)> Rows(Results results) =>
    [
        ("`/random`", 64, results.Get),
        ("`/random` with a fresh key", 64, results.GetKeyed),
        ("`POST` of one draw", 64, results.Post),
        ("`POST` of one draw with a fresh key", 64, results.PostKeyed),
        ("`POST` of one draw, replayed", 64, results.Replays),
        ($"`POST` of a draw of {Batches.Count:N0}", Batches.Connections, results.Batches),
        ("`/random` at rest", 64, results.AtRest),
        ($"`/random` while {Results.SeededSize:N0} are seeded", 64, results.WhileSeeding),
        ("`/random` before an export", 64, results.NoExport),
        ("`/random` while the log is exported", 64, results.WhileExporting),
        .. Results.BuildConnections.SelectMany(connections => new[]
        {
            ("`/random` beside an earlier build", connections, results.BuildNow[connections]),
            ($"`/random` of {results.Earlier?.Name}", connections, results.BuildEarlier[connections]),
        }),
    ];
}
