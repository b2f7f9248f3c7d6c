using System.Globalization;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Audit;

/// <summary>
/// Holds an exported draw log against the permutation of a pool, computed again from its seed: whether the seed gives the published
/// commitment, and whether at each position of the log stands the number that the permutation has there. Thread-safe.
/// </summary>
/// <remarks>It stops at the first deviation. Beside the permutation it needs the memory of one line of the log.</remarks>
public static class OrderAudit
{
    /// <summary>Checks a log.</summary>
    /// <param name="pool">What the log is held against.</param>
    /// <param name="log">The lines of an exported log, JSON or CSV; read once, and no further than to the first deviation.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <exception cref="FormatException">A line is not one of an exported log; the message names it.</exception>
    /// <exception cref="InsufficientMemoryException">Less memory is free than the permutation takes.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static AuditFinding Check(AuditedPool pool, IEnumerable<string> log, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(log);

        var commitment = Commitment.To(pool.Seed, pool.Range);
        if (pool.Published is { } published && !published.Equals(commitment))
            return Deviates($": seed and range {pool.Range} give the commitment {commitment}, and {published} was published.");

        using var permutation = Permutation.Shuffle(pool.Seed, pool.Range.Size, cancellationToken);
        long? start = null;
        long next = 0;
        foreach (var line in ExportedLog.Read(log))
        {
            cancellationToken.ThrowIfCancellationRequested();
            // An export may begin behind position 0; from there on nothing may be missing.
            if (start is null)
                start = next = line.First;
            if (Compare(line, next, pool, permutation.Offsets) is { } deviation)
                return deviation;
            next += line.Numbers.Length;
        }

        if (pool.Drawn is { } drawn && next != drawn)
            return CoversOther(start ?? 0, next, drawn);
        var covered = Describe(start ?? 0, next);
        return new AuditFinding(true, pool.Published is null
            ? Text($"Holds: {covered} of {pool.Range}; the commitment {commitment} was computed and not compared, for none was given.")
            : Text($"Holds: commitment {commitment}, {covered} of {pool.Range}."));
    }

    private static AuditFinding? Compare(ExportedLine line, long next, AuditedPool pool, ReadOnlySpan<uint> offsets)
    {
        if (line.First > next)
            return Deviates($" at line {line.Line:N0}: it starts at position {line.First:N0}, and position {next:N0} is missing: a gap.");
        if (line.First < next)
            return Deviates($" at line {line.Line:N0}: it starts at position {line.First:N0}, and position {next:N0} is next: an overlap.");
        if (line.Count != line.Numbers.Length)
            return Deviates($" at line {line.Line:N0}, position {line.First:N0}: its count is {line.Count:N0}, and it has {line.Numbers.Length:N0} numbers.");

        var position = line.First;
        foreach (var number in line.Numbers)
        {
            if (position < 0 || position >= offsets.Length)
                return Deviates($" at line {line.Line:N0}, position {position:N0}: the log has {number}, and the permutation ends at position {offsets.Length - 1:N0}.");
            var expected = pool.Range.NumberAt(offsets[(int)position]);
            if (number != expected)
                return Deviates($" at line {line.Line:N0}, position {position:N0}: the log has {number}, and the permutation {expected}.");
            position++;
        }

        return null;
    }

    private static AuditFinding CoversOther(long start, long end, long drawn) => end < drawn
        ? Deviates($": the log has {Describe(start, end)}, and the pool has drawn {drawn:N0}: the log lacks what was drawn from position {end:N0} on.")
        : Deviates($": the log has {Describe(start, end)}, and the pool has drawn {drawn:N0}: the log has more than was drawn from position {drawn:N0} on.");

    private static string Describe(long start, long end) => (end - start) switch
    {
        0 => "no numbers (the log is empty)",
        1 => Text($"1 number at position {start:N0}"),
        var count => Text($"{count:N0} numbers at positions {start:N0} to {end - 1:N0}"),
    };

    private static AuditFinding Deviates(FormattableString what) => new(false, "Deviates" + Text(what));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
