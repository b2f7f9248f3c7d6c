using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Failover.Tests.Rounds;

/// <summary>Two nodes on the pair that all rounds share.</summary>
[Collection(nameof(FailoverRounds))]
public abstract class FailoverTest(FailoverStage stage, ITestOutputHelper output) : IAsyncLifetime
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

    /// <summary>Starts nodes, one after the other, by whether they require a standby.</summary>
    protected async Task StartNodesAsync(params bool[] requireStandby)
    {
        foreach (var requires in requireStandby)
            await StartNodeAsync(Ports, requires);
    }

    protected async Task StartNodeAsync(IEnumerable<int> ports, bool requiresStandby = false) =>
        nodes.Add(await FailoverNode.StartAsync(ports, requiresStandby));

    /// <summary>Lets clients draw from all nodes, which may not be able to give any.</summary>
    internal FailoverRound LetDraw(string name) => new(stage, output, name, nodes);

    /// <summary>Lets clients draw from all nodes, and waits until each has given some numbers.</summary>
    internal async Task<FailoverRound> BeginRoundAsync(string name)
    {
        var round = LetDraw(name);
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
