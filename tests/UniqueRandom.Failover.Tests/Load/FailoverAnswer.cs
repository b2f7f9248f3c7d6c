namespace UniqueRandom.Failover.Tests.Load;

/// <summary>An acknowledged draw, as a client received it.</summary>
/// <param name="Node">The index of the node that answered.</param>
/// <param name="Key">The key; null for a draw without one.</param>
/// <param name="First">The position of the first number; null for a draw without a key, whose answer has no position.</param>
/// <param name="Numbers">The numbers.</param>
/// <param name="IsReplayed">Whether an earlier request took the numbers.</param>
/// <param name="Sent">The timestamp before the request.</param>
/// <param name="Received">The timestamp after the answer.</param>
internal sealed record FailoverAnswer(
    int Node, string? Key, int? First, long[] Numbers, bool IsReplayed, long Sent, long Received);
