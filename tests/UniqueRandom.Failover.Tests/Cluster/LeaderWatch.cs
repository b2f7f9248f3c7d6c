using System.Diagnostics;

namespace UniqueRandom.Failover.Tests.Cluster;

/// <summary>Records when Patroni says that a member has become the leader.</summary>
internal sealed class LeaderWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly List<long> changes = [];
    private readonly Task watching;

    public LeaderWatch(IReadOnlyList<ClusterMember> members, ClusterMember leader) => watching = WatchAsync(members, leader);

    /// <summary>Ends the watch.</summary>
    /// <returns>The timestamps at which a member led that had not led just before.</returns>
    public async Task<IReadOnlyList<long>> FinishAsync()
    {
        await stop.CancelAsync();
        await watching;
        return changes;
    }

    public async ValueTask DisposeAsync()
    {
        await FinishAsync();
        stop.Dispose();
    }

    private async Task WatchAsync(IReadOnlyList<ClusterMember> members, ClusterMember leader)
    {
        // Two members may lead for a moment: the one that began to is new. One that does not answer has not changed.
        var led = members.Select(member => member == leader).ToArray();
        while (!stop.IsCancellationRequested)
        {
            var leads = await Task.WhenAll(members.Select(member => member.IsLeaderAsync()));
            for (var at = 0; at < members.Count; at++)
            {
                if (leads[at] is true && !led[at])
                    changes.Add(Stopwatch.GetTimestamp());
                led[at] = leads[at] ?? led[at];
            }

            await Task.Delay(20, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
