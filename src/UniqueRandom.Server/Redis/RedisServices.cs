using UniqueRandom.Queueing;
using UniqueRandom.Server.Access;
using UniqueRandom.Server.Health;
using UniqueRandom.Server.Problems;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Redis;

/// <summary>What the connections share.</summary>
/// <param name="Queue">The queue that draws.</param>
/// <param name="Store">The store of the pools.</param>
/// <param name="Gate">Opens when the pools are ready.</param>
/// <param name="Health">Receives the failures of the store.</param>
/// <param name="Refusals">The log of refused commands.</param>
/// <param name="Logger">The server's log.</param>
/// <param name="Keys">The access keys; null if the server requires none.</param>
/// <param name="Failures">The limit of attempts without a valid key; null if the server requires none.</param>
/// <param name="Limits">The rate limits of the keys; null if the server requires none.</param>
internal sealed record RedisServices(
    DrawQueue Queue,
    IPoolStore Store,
    StartGate Gate,
    StoreHealth Health,
    RefusalLog Refusals,
    ILogger<RedisServer> Logger,
    KeyRing? Keys = null,
    FailureLimit? Failures = null,
    KeyRateLimit? Limits = null)
{
    /// <summary>Reports and logs a failure of the store, and returns the error to reply.</summary>
    public string Report(StoreException error)
    {
        Refusals.LogCommand(error.Message);
        Health.Report(error);
        return RedisError.Of(Problem.Of(error));
    }
}
