namespace UniqueRandom.Failover.Tests.Load;

/// <summary>An acknowledged draw, as a client saw it.</summary>
/// <param name="Node">Who answered.</param>
/// <param name="Key">Null for a draw without one.</param>
/// <param name="First">The position of the first number; null for a draw without a key, which is not told.</param>
/// <param name="Numbers">What was given.</param>
/// <param name="IsReplayed">Whether an earlier draw took them.</param>
/// <param name="Sent">When the client began to ask.</param>
/// <param name="Received">When it had the answer.</param>
internal sealed record FailoverAnswer(
    int Node, string? Key, int? First, long[] Numbers, bool IsReplayed, long Sent, long Received);
