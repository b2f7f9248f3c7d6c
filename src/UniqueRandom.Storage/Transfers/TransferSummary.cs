namespace UniqueRandom.Storage.Transfers;

/// <summary>What a transfer has moved.</summary>
/// <param name="To">Where the pools are, without secrets.</param>
/// <param name="Pools">The number of pools.</param>
/// <param name="Numbers">How many of their numbers are drawn.</param>
/// <param name="Keys">How many idempotency keys were used.</param>
public sealed record TransferSummary(string To, int Pools, long Numbers, long Keys);
