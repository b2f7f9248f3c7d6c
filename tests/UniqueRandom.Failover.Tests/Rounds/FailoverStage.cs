using UniqueRandom.Failover.Tests.Load;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Failover.Tests.Rounds;

/// <summary>The pair of servers and the ledger of its only pool, which all rounds share one after another.</summary>
public sealed class FailoverStage : IAsyncLifetime
{
    public const int PoolSize = 2_000_000;

    private PostgresPair? pair;

    internal PostgresPair Pair => pair!;

    internal FailoverLedger Ledger { get; } = new();

    /// <summary>The ports of both servers, in a fixed order.</summary>
    internal IReadOnlyList<int> Ports { get; private set; } = [];

    /// <summary>Creates nothing, because only a test can be skipped if PostgreSQL is missing.</summary>
    public ValueTask InitializeAsync() => default;

    /// <summary>Restores a primary with a synchronous standby, in any state that the previous round left.</summary>
    internal async Task PrepareAsync()
    {
        if (pair is null)
        {
            pair = await PostgresPair.CreateAsync();
            Ports = [Pair.Primary.Port, Pair.Standby.Port];
        }
        else if (!await pair.IsSynchronousAsync())
        {
            await pair.RejoinAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (pair is not null)
            await pair.DisposeAsync();
    }
}

/// <summary>Runs without parallel tests of this project, because failovers have a time limit.</summary>
[CollectionDefinition(nameof(FailoverRounds), DisableParallelization = true)]
public sealed class FailoverRounds : ICollectionFixture<FailoverStage>;
