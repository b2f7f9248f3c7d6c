namespace UniqueRandom.Failover.Tests.Model;

/// <summary>
/// Searches all states of a model of two nodes, two servers and three draws. DESIGN.md describes the model and its rules.
/// </summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    /// <summary>A model in which a step can't happen any more has far fewer states.</summary>
    private const int MinimumStates = 2_000_000;

    [Fact]
    public async Task With_all_rules_no_number_is_repeated_and_no_draw_is_lost() =>
        AssertHolds(await ModelSearch.OfModelAsync());

    [Theory]
    [InlineData("WARNING")]
    [InlineData("SETTINGS")]
    [InlineData("CONFIRMATION")]
    [InlineData("DOUBT")]
    [InlineData("REPLAY")]
    [InlineData("LOCK")]
    [InlineData("INDEX")]
    [InlineData("TIMELINE")]
    [InlineData("TIE")]
    [InlineData("NEWEST")]
    [InlineData("ACKNOWLEDGED")]
    [InlineData("VERIFICATION")]
    [InlineData("FENCING")]
    [InlineData("PROMOTION")]
    public async Task Without_a_rule_a_number_is_repeated_or_a_draw_is_lost(string rule)
    {
        var search = await ModelSearch.ForErrorAsync(rule);
        output.WriteLine(search.Report);
        Assert.Equal(1, search.Errors);
        Assert.Contains("assertion violated", search.Report, StringComparison.Ordinal);
    }

    /// <summary>The lock and the unique index protect what these rules protect, too.</summary>
    [Theory(Explicit = true)]
    [InlineData("COMPARISON")]
    [InlineData("LOOKUP")]
    public async Task Without_a_second_protection_the_first_one_is_enough(string rule) =>
        AssertHolds(await ModelSearch.OfModelAsync(rule));

    private void AssertHolds(ModelSearch search)
    {
        output.WriteLine(search.Report);
        Assert.Equal(0, search.Errors);
        Assert.DoesNotContain("Search not completed", search.Report, StringComparison.Ordinal);
        Assert.DoesNotContain("max search depth too small", search.Report, StringComparison.Ordinal);
        Assert.DoesNotContain("out of memory", search.Report, StringComparison.Ordinal);
        Assert.InRange(search.States, MinimumStates, int.MaxValue);
    }
}
