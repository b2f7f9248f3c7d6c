using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Transfers;

/// <summary>What a webhook knows about a pool, as it is copied.</summary>
/// <param name="Webhook">The name of the webhook.</param>
/// <param name="PoolId">The id of the pool.</param>
/// <param name="Delivery">What was delivered.</param>
internal readonly record struct TransferredDelivery(string Webhook, long PoolId, Delivery Delivery);
