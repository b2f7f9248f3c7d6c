using UniqueRandom.Failover.Tests.Load;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Failover.Tests.Rounds;

/// <summary>The pair of servers that all rounds share, one after the other, and the ledger of its only pool.</summary>
public sealed class FailoverStage : IAsyncLifetime
{
    public const int PoolSize = 2_000_000;

    private PostgresPair? pair;

    internal PostgresPair Pair => pair!;

    internal FailoverLedger Ledger { get; } = new();

    /// <summary>Where the servers are, whichever is the primary.</summary>
    internal IReadOnlyList<int> Ports { get; private set; } = [];

    /// <summary>Not before a test is there that can be skipped.</summary>
    public ValueTask InitializeAsync() => default;

    /// <summary>Whatever the round before has left: a primary and its synchronous standby.</summary>
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

/// <summary>Not beside other tests: a failover has a time to keep.</summary>
[CollectionDefinition(nameof(FailoverRounds), DisableParallelization = true)]
public sealed class FailoverRounds : ICollectionFixture<FailoverStage>;
