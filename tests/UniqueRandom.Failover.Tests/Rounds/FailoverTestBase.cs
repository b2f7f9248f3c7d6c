using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Failover.Tests.Rounds;

/// <summary>Base class of tests with nodes on the pair that all rounds share.</summary>
[Collection(nameof(FailoverRounds))]
public abstract class FailoverTestBase(FailoverStage stage, ITestOutputHelper output) : IAsyncLifetime
{
    private readonly List<FailoverNode> nodes = [];

    internal PostgresPair Pair => stage.Pair;

    internal IReadOnlyList<FailoverNode> Nodes => nodes;

    protected IReadOnlyList<int> Ports => stage.Ports;

    public async ValueTask InitializeAsync() => await stage.PrepareAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
            await node.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts a node for each value, which says whether the node requires a standby.</summary>
    protected async Task StartNodesAsync(params bool[] requireStandby)
    {
        foreach (var requires in requireStandby)
            await StartNodeAsync(Ports, requires);
    }

    protected async Task StartNodeAsync(IEnumerable<int> ports, bool requiresStandby = false) =>
        nodes.Add(await FailoverNode.StartAsync(ports, requiresStandby));

    /// <summary>Starts clients on all nodes without waiting for answers.</summary>
    internal FailoverRound StartRound(string name) => new(stage, output, name, nodes);

    /// <summary>Starts clients on all nodes, and waits until each node has answered some draws.</summary>
    internal async Task<FailoverRound> BeginRoundAsync(string name)
    {
        var round = StartRound(name);
        try
        {
            await round.DrawAsync();
            return round;
        }
        catch
        {
            round.Dispose();
            throw;
        }
    }
}
