using UniqueRandom.Audit;
using UniqueRandom.Pools;
using UniqueRandom.Testing.Audit;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Core.Tests.Audit;

/// <summary>What files can't express; the others are cases of <see cref="AuditCases"/>.</summary>
public sealed class OrderAuditTests
{
    private static readonly PoolFiles Ten = PoolFiles.Ten;
    private static readonly AuditedPool Pool = new(Ten.Range, Ten.Seed, Published: null, Drawn: null);

    [Fact]
    public void Without_a_published_commitment_the_finding_says_that_none_was_compared() => Assert.Equal(
        new AuditFinding(
            true,
            $"Holds: 10 numbers at positions 0 to 9 of 1..10; "
                + $"the commitment {Ten.Commitment} was computed but not compared because none was given."),
        OrderAudit.Check(Pool, SampleLog.Json(Ten.Numbers, 0, 10)));

    [Fact]
    public void A_different_range_gives_a_different_commitment_and_different_numbers()
    {
        var shifted = Pool with { Range = new PoolRange(2, 11) };
        var log = SampleLog.Json(Ten.Numbers, 0, 10);
        var finding = OrderAudit.Check(shifted with { Published = Commitment.To(Seeds.Zero, Ten.Range) }, log);
        Assert.False(finding.Holds);
        Assert.StartsWith("Deviates: seed, range 2..11 and a stored order give ", finding.Sentence, StringComparison.Ordinal);
        Assert.Equal(
            new AuditFinding(false, "Deviates at line 1, position 0: the log has 3, and the permutation 4."),
            OrderAudit.Check(shifted, log));
    }

    [Fact]
    public void Reading_stops_at_the_first_deviation()
    {
        static IEnumerable<string> Log()
        {
            yield return SampleLog.JsonLine(0, 1, 4);
            Assert.Fail("The log was read past the first deviation.");
        }

        Assert.False(OrderAudit.Check(Pool, Log()).Holds);
    }
}
