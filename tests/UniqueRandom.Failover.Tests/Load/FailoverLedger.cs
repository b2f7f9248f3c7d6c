namespace UniqueRandom.Failover.Tests.Load;

/// <summary>
/// All draws acknowledged since the pool was created. It spans all failovers, because each could lose what an earlier one
/// has kept.
/// </summary>
internal sealed class FailoverLedger
{
    private readonly List<long> unkeyed = [];
    private readonly Dictionary<string, FailoverAnswer> keyed = new(StringComparer.Ordinal);
    private readonly Dictionary<long, int> positions = [];
    private int cursor;

    /// <summary>
    /// Verifies that no number was returned twice, that each key has one run, and that all draws are recorded as they were
    /// acknowledged.
    /// </summary>
    /// <returns>The counts of this load.</returns>
    public FailoverCounts Verify(FailoverLoad load, ReplicatedDraws stored)
    {
        var (unkeyedBefore, keyedBefore, numbersBefore) =
            (unkeyed.Count, keyed.Count, unkeyed.Count + keyed.Values.Sum(answer => answer.Numbers.Length));
        foreach (var answer in load.Answers)
            Add(answer);
        VerifyUnchanged(stored);
        foreach (var number in unkeyed)
            Assert.True(
                stored.Positions.TryGetValue(number, out var position) && stored.RunAt(position).Key is null,
                $"{number} was returned without a key, and is not recorded without a key.");
        foreach (var (key, answer) in keyed)
            VerifyRun(stored, key, answer);

        var numbers = unkeyed.Concat(keyed.Values.SelectMany(answer => answer.Numbers)).ToList();
        Assert.Equal(numbers.Count, numbers.Distinct().Count());
        Assert.All(
            load.Answers.Where(answer => answer is { Key: not null, IsReplayed: false }).CountBy(answer => answer.Key!),
            first => Assert.True(first.Value == 1, $"The key {first.Key} was drawn {first.Value} times."));

        var drawn = stored.Cursor - cursor;
        cursor = stored.Cursor;
        var acknowledged = numbers.Count - numbersBefore;
        return new FailoverCounts
        {
            Unkeyed = unkeyed.Count - unkeyedBefore,
            Keys = keyed.Count - keyedBefore,
            Resolved = load.Resolved,
            Replays = load.Answers.Count(answer => answer.IsReplayed),
            InDoubt = Count(load, FailoverClient.InDoubt),
            Unavailable = Count(load, FailoverClient.Unavailable),
            Unanswered = Count(load, FailoverClient.NoAnswer),
            Acknowledged = acknowledged,
            Burned = drawn - acknowledged,
        };
    }

    private static int Count(FailoverLoad load, string failure) => load.Failures.GetValueOrDefault(failure);

    private void Add(FailoverAnswer answer)
    {
        if (answer.Key is null)
            unkeyed.AddRange(answer.Numbers);
        else if (!keyed.TryAdd(answer.Key, answer))
            Assert.Equal(
                (keyed[answer.Key].First, string.Join(' ', keyed[answer.Key].Numbers)),
                (answer.First, string.Join(' ', answer.Numbers)));
    }

    /// <summary>Verifies that a position never has another number, even if it was lost with a primary.</summary>
    private void VerifyUnchanged(ReplicatedDraws stored)
    {
        foreach (var (number, position) in stored.Positions)
        {
            if (!positions.TryAdd(number, position))
                Assert.Equal(positions[number], position);
        }

        Assert.Equal(positions.Count, positions.Values.Distinct().Count());
    }

    private static void VerifyRun(ReplicatedDraws stored, string key, FailoverAnswer answer)
    {
        Assert.Equal(new LoggedRun(answer.First!.Value, answer.Numbers.Length, key), stored.RunOf(key));
        Assert.Equal(
            Enumerable.Range(answer.First.Value, answer.Numbers.Length),
            answer.Numbers.Select(number => stored.Positions.GetValueOrDefault(number, -1)));
    }
}
