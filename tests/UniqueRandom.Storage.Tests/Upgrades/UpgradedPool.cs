using System.Text.Json;
using UniqueRandom.Audit;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Upgrades;

namespace UniqueRandom.Storage.Tests.Upgrades;

/// <summary>Compares a pool with what was answered.</summary>
internal static class UpgradedPool
{
    private const int DrawsInBatch = 9;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    /// <summary>Describes a pool as its server would, without what the expected answer lacks.</summary>
    public static RecordedPool AnswerOf(Pool pool, RecordedPool expected)
    {
        var range = pool.Definition.Range;
        var answer = new RecordedPool(
            pool.Definition.Name, range.Minimum, range.Maximum, pool.State.ToString().ToLowerInvariant(), pool.Cursor,
            pool.Commitment.ToString(), pool.Seed?.Reveal(), pool.CreatedAt, pool.ClosedAt,
            pool.Definition.Order.ToString().ToLowerInvariant(),
            pool.Definition.Code is { } code
                ? new RecordedCode(code.Alphabet, code.Length, code.Prefix, code.Group, code.Check)
                : null,
            SegmentsOf(pool, expected.Segments),
            pool.Imported?.Count,
            pool.Imported?.Sha256);
        // Version 1 of SQLite had no status.
        return expected.CreatedAt is null ? answer with { Seed = null, CreatedAt = null } : answer;
    }

    /// <summary>Describes the segments; the expected ones if they are equal, because arrays are compared by reference.</summary>
    private static RecordedSegment[]? SegmentsOf(Pool pool, RecordedSegment[]? expected)
    {
        RecordedSegment[] segments =
        [
            .. pool.Segments.Select(segment => new RecordedSegment(
                segment.First, segment.Range.Minimum, segment.Range.Maximum, OrderName.Of(segment.Order), segment.IsReady,
                segment.Commitment.ToString(), segment.Seed?.Reveal(), segment.CreatedAt)),
        ];
        return (expected is null && segments.Length == 1) || expected?.SequenceEqual(segments) == true ? expected : segments;
    }

    /// <summary>Draws until the pool refuses, and returns the draws.</summary>
    public static async Task<List<RecordedDraw>> DrawRestAsync(IPoolStore store, RecordedPool pool)
    {
        var (draws, last) = (new List<RecordedDraw>(), DrawOutcomeKind.Drawn);
        foreach (var count in (int[])[50, 1])
        {
            var request = new DrawRequest(pool.Pool, count, "order-4");
            do
            {
                var outcomes = await store.CommitBatchAsync([.. Enumerable.Repeat(request, DrawsInBatch)]);
                draws.AddRange(
                    from outcome in outcomes
                    where outcome.Kind == DrawOutcomeKind.Drawn
                    select new RecordedDraw(
                        pool.Pool, outcome.Position, outcome.Count, outcome.Numbers.ToArray(), outcome.DrawnAt,
                        request.Reference));
                last = outcomes[^1].Kind;
            }
            while (last == DrawOutcomeKind.Drawn);
        }

        Assert.Equal(pool.State == "closed" ? DrawOutcomeKind.PoolClosed : DrawOutcomeKind.Exhausted, last);
        return draws;
    }

    public static void AssertEachNumberOnce(PoolRange range, List<RecordedDraw> draws) => Assert.Equal(
        Enumerable.Range(0, (int)range.Size).Select(offset => range.NumberAt(offset)),
        draws.SelectMany(draw => draw.Numbers).Order());

    /// <summary>Verifies that the log has exactly these draws.</summary>
    public static async Task AssertLogAsync(IPoolStore store, Pool pool, List<RecordedDraw> draws)
    {
        var logged = new List<(long, long, string?, string?, string?)>();
        await foreach (var (row, numbers) in DrawLog.ReadAsync(store, pool, 0, CancellationToken))
        {
            logged.AddRange(numbers.ToArray().Select(
                (number, i) => (row.First + i, number, row.Reference, row.Key, row.Caller)));
        }

        Assert.Equal(
            draws.SelectMany(draw => draw.Numbers.Select(
                (number, i) => (draw.First + i, number, draw.Reference, draw.Key, draw.Caller))),
            logged);
        foreach (var draw in draws)
        {
            Assert.Equal(
                draw.First, await store.FindPositionAsync(pool.Definition.Name, draw.Numbers[0], CancellationToken));
            var row = await DrawLog.ReadRowAsync(store, pool.Definition.Name, draw.First, CancellationToken);
            Assert.Equal(draw.DrawnAt ?? row.DrawnAt, row.DrawnAt);
        }
    }

    /// <summary>Verifies that all draws follow the permutation to which the answered commitment commits.</summary>
    public static void AssertOrder(Pool ended, RecordedPool answered, List<RecordedDraw> draws)
    {
        var finding = OrderAudit.Check(
            new AuditedPool(
                ended.Created.Range,
                ended.Seed!,
                ExportedStatus.ReadCommitment(answered.Commitment),
                ended.Cursor,
                ended.Definition.Order)
            {
                Imported = ended.Imported,
                Extensions =
                [
                    .. ended.Extensions.Zip(answered.Segments?.Skip(1) ?? [], (segment, described) => new AuditedSegment(
                        segment.Range, segment.Seed, ExportedStatus.ReadCommitment(described.Commitment), segment.Order)),
                ],
            },
            draws.Select(draw => JsonSerializer.Serialize(draw, JsonSerializerOptions.Web)));

        Assert.True(finding.Holds, finding.Sentence);
    }
}
