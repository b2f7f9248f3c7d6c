using System.Globalization;
using UniqueRandom.Pools;

namespace UniqueRandom.Audit;

/// <summary>
/// Checks an exported draw log against the order of its pool, computed again from the seed: whether the seed matches the
/// published commitment, and whether each position of the log has the number of the permutation, and its code. Thread-safe.
/// </summary>
/// <remarks>Stops at the first deviation. Besides the permutation, it needs memory for one line of the log.</remarks>
public static class OrderAudit
{
    /// <summary>Checks a log.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="log">The lines of an exported log, JSON Lines or CSV. Enumerated once, up to the first deviation.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <exception cref="FormatException">
    /// A line is not from an exported log, or the log lacks imported numbers. The message says so.
    /// </exception>
    /// <exception cref="InsufficientMemoryException">Less memory is free than the permutation needs.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public static AuditFinding Check(AuditedPool pool, IEnumerable<string> log, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(log);
        return Check(pool, ExportedLog.Read(log), cancellationToken);
    }

    /// <summary>Checks a log that is read already.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="log">The lines. Enumerated once, up to the first deviation.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <exception cref="FormatException">The log lacks imported numbers.</exception>
    /// <exception cref="InsufficientMemoryException">Less memory is free than the permutation needs.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public static AuditFinding Check(
        AuditedPool pool, IEnumerable<ExportedLine> log, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(log);

        var segments = pool.Segments;
        var commitments = new List<Commitment>();
        foreach (var segment in segments.TakeWhile(segment => segment.Seed is not null))
        {
            var commitment = Commitment.To(segment.Seed!, segment.Range, segment.Order, segment.Imported);
            if (FindOther(segment, commitment) is { } other)
                return other;
            commitments.Add(commitment);
        }

        var whole = new PoolRange(pool.Range.Minimum, segments[^1].Range.Maximum);
        var revealed = segments[commitments.Count - 1].Range.Maximum - whole.Minimum + 1;
        using var order = new AuditedOrder(segments, cancellationToken);
        var codes = new AuditedCodes(pool.Code);
        long? start = null;
        long next = 0;
        foreach (var line in log)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // An export can begin at any position, but must have no gap after it.
            if (start is null)
                start = next = line.First;
            if (order.IsIncomplete && start != 0)
                throw LacksImported($"begins at position {start:N0}", pool);
            if (Compare(line, next, whole.Size, order, codes) is { } deviation)
                return deviation;
            next += line.Numbers.Count;
        }

        // An open pool goes on, so its log may end anywhere behind the segments that have ended.
        if (pool.Drawn is { } drawn && (revealed == whole.Size ? next != drawn : next < Math.Min(drawn, revealed)))
            return CoversOther(start ?? 0, next, drawn);
        if (order.IsIncomplete)
            throw LacksImported($"ends at position {next:N0}", pool);
        var covered = Describe(start ?? 0, next);
        var secret = revealed < whole.Size && next > revealed
            ? Text($" The numbers from position {Math.Max(revealed, start ?? 0):N0} on were not compared: their seed is not ")
                + "revealed yet."
            : "";
        var all = (commitments.Count == 1 ? "commitment " : "commitments ") + string.Join(", ", commitments);
        return new AuditFinding(true, (pool.Published is null
            ? Text($"Holds: {covered} of {whole}; the commitment {commitments[0]} was computed but not compared ")
                + "because none was given."
            : Text($"Holds: {all}, {covered} of {whole}."))
            + DescribeImported(pool) + codes.Describe(next - (start ?? 0)) + Unpublished(pool, commitments.Count) + secret);
    }

    /// <summary>Says whether commitments were compared with those of the status only.</summary>
    private static string Unpublished(AuditedPool pool, int compared) => pool.PublishedCount switch
    {
        1 when compared > 1 =>
            " Only the first commitment was compared with a published one; the others come from the status.",
        { } count when count < compared =>
            Text($" Only the first {count} commitments were compared with published ones; the others come from the status."),
        _ => "",
    };

    private static AuditFinding? FindOther(AuditedSegment segment, Commitment commitment)
    {
        if (segment.Published is not { } published || published.Equals(commitment))
            return null;
        var kind = Describe(segment);
        return Deviates(
            $": seed, range {segment.Range} and {kind} give the commitment {commitment}, and {published} was published.");
    }

    private static AuditFinding? Compare(
        ExportedLine line, long next, long size, AuditedOrder order, AuditedCodes codes)
    {
        if (line.First != next)
        {
            var fault = line.First > next ? "missing: a gap" : "next: an overlap";
            return DeviatesAt(line, $": it starts at position {line.First:N0}, and position {next:N0} is {fault}.");
        }

        if (line.Count != line.Numbers.Count)
        {
            return DeviatesAt(
                line, $", position {line.First:N0}: its count is {line.Count:N0}, and it has {line.Numbers.Count:N0} numbers.");
        }

        if (line.Codes is { } written && written.Count != line.Numbers.Count)
        {
            return DeviatesAt(
                line,
                $", position {line.First:N0}: it has {written.Count:N0} codes, and {line.Numbers.Count:N0} numbers.");
        }

        var position = line.First;
        for (var i = 0; i < line.Numbers.Count; i++, position++)
        {
            var number = line.Numbers[i];
            if (position < 0 || position >= size)
            {
                var end = Text($"the permutation ends at position {size - 1:N0}");
                return DeviatesAt(line, $", position {position:N0}: the log has {number}, and {end}.");
            }

            if (order.Compare(position, number) is { } reason)
                return DeviatesAt(line, $", position {position:N0}: the log has {number}, and {reason}.");
            if (codes.Compare(number, line.Codes?[i]) is { } difference)
                return DeviatesAt(line, $", position {position:N0}: {difference}.");
        }

        return null;
    }

    private static AuditFinding CoversOther(long start, long end, long drawn)
    {
        var difference = end < drawn
            ? Text($"lacks what was drawn from position {end:N0} on")
            : Text($"has more than was drawn from position {drawn:N0} on");
        return Deviates($": the log has {Describe(start, end)}, and the pool has drawn {drawn:N0}: the log {difference}.");
    }

    private static FormatException LacksImported(FormattableString what, AuditedPool pool) => new(
        Text($"it {Text(what)}, and the first {pool.Imported!.Count:N0} numbers of the pool were imported; export all of it."));

    private static string Describe(AuditedSegment segment) => segment switch
    {
        { Order: PoolOrder.Computed } => "a computed order",
        { Imported: { } imported } => Text($"a stored order behind {imported.Count:N0} imported numbers"),
        _ => "a stored order",
    };

    private static string DescribeImported(AuditedPool pool) => pool.Imported switch
    {
        null => "",
        { Count: 1 } => " The first number was imported.",
        { Count: var count } => Text($" The first {count:N0} numbers were imported."),
    };

    private static string Describe(long start, long end) => (end - start) switch
    {
        0 => "no numbers (the log is empty)",
        1 => Text($"1 number at position {start:N0}"),
        var count => Text($"{count:N0} numbers at positions {start:N0} to {end - 1:N0}"),
    };

    private static AuditFinding DeviatesAt(ExportedLine line, FormattableString what) =>
        Deviates($" at line {line.Line:N0}{Text(what)}");

    private static AuditFinding Deviates(FormattableString what) => new(false, "Deviates" + Text(what));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
