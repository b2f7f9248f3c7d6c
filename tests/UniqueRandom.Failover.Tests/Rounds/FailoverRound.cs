using System.Diagnostics;
using System.Globalization;
using System.Net;
using UniqueRandom.Failover.Tests.Load;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Failover.Tests.Rounds;

/// <summary>A load during one failure, and the verification of what is stored after it.</summary>
internal sealed class FailoverRound : IDisposable
{
    /// <summary>The requirement: draws resume within this time after a promotion, without a restart of a node.</summary>
    private static readonly TimeSpan ResumesWithin = TimeSpan.FromSeconds(10);

    private const string OpenTransactions = """
        SELECT count(*) FROM pg_stat_activity
        WHERE application_name = 'UniqueRandom' AND state = 'idle in transaction'
          AND state_change < clock_timestamp() - interval '500 ms'
        """;

    private readonly FailoverStage stage;
    private readonly ITestOutputHelper output;
    private readonly IReadOnlyList<FailoverNode> nodes;
    private readonly FailoverClient probe;
    private readonly List<string> notes = [];
    private readonly string name;

    public FailoverRound(FailoverStage stage, ITestOutputHelper output, string name, IReadOnlyList<FailoverNode> nodes)
    {
        (this.stage, this.output, this.name, this.nodes) = (stage, output, name, nodes);
        Uri[] addresses = [.. nodes.Select(node => node.Address)];
        (probe, Load) = (new FailoverClient(addresses), new FailoverLoad(addresses));
    }

    public FailoverLoad Load { get; }

    /// <summary>Waits until each node has answered some more draws.</summary>
    public Task DrawAsync() => Task.WhenAll(nodes.Select((_, node) => Load.WaitForAnswersAsync(node, more: 100)));

    /// <summary>Verifies that nodes answer draws again within the required time. Checks all nodes by default.</summary>
    public async Task ResumesAsync(string after, params IEnumerable<int> which)
    {
        var since = Stopwatch.GetTimestamp();
        int[] all = which.Any() ? [.. which] : [.. Enumerable.Range(0, nodes.Count)];
        var times = await Task.WhenAll(all.Select(node => Load.ResumesAsync(node, since)));
        var seconds = times.Select(time => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture));
        notes.Add($"{string.Join(" and ", seconds)} s after {after}");
        if (times.Max() >= ResumesWithin)
            Assert.Fail($"{name}: {notes[^1]}\n{DescribeNodes()}");
    }

    /// <summary>
    /// Whether a node that was just suspended or disconnected blocks another one, because it left its transaction open
    /// with the pool locked.
    /// </summary>
    public async Task<bool> IsBlockedAsync(int node)
    {
        var more = Load.WaitForAnswersAsync(node, more: 30);
        while (!more.IsCompleted)
        {
            if (await stage.Pair.Primary.ScalarAsync<long>(OpenTransactions) > 0)
                return true;
        }

        return false;
    }

    /// <summary>Waits until a node is, or is not, ready.</summary>
    public Task ReadyAsync(int node, bool isReady) => Eventually.TrueAsync(
        async () => await probe.GetReadinessAsync(node) == (isReady ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable),
        $"node {node} is {(isReady ? "" : "not ")}ready");

    public async Task<bool> IsReadyAsync(int node) => await probe.GetReadinessAsync(node) == HttpStatusCode.OK;

    /// <summary>Stops the load, and compares the acknowledged draws with those on the primary.</summary>
    public async Task FinishAsync()
    {
        await Load.FinishAsync();
        for (var node = 0; node < nodes.Count; node++)
            await ReadyAsync(node, isReady: true);
        var counts = stage.Ledger.Verify(Load, await ReplicatedDraws.ReadAsync(stage.Pair.Primary.ConnectionString()));
        output.WriteLine($"{name}: {counts}; {string.Join(", ", notes)}");
    }

    public void Dispose()
    {
        probe.Dispose();
        Load.Dispose();
    }

    private string DescribeNodes() => string.Join("\n", nodes.SelectMany(node => node.Output.TakeLast(15)));
}
