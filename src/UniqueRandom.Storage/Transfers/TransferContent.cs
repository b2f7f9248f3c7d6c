namespace UniqueRandom.Storage.Transfers;

/// <summary>What a store has. Two stores with equal contents have the same pools, draws, keys and deliveries.</summary>
/// <param name="Pools">The number of pools.</param>
/// <param name="Numbers">How many numbers are drawn.</param>
/// <param name="Keys">How many idempotency keys were used.</param>
/// <param name="Digest">The digest of the pools, draws, keys and deliveries. Chunks have checksums.</param>
internal sealed record TransferContent(int Pools, long Numbers, long Keys, string Digest);
