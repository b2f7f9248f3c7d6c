using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using UniqueRandom.Testing.Network;

namespace UniqueRandom.Failover.Tests.Cluster;

/// <summary>The cluster of <c>scripts/cluster</c>, with a network between each Patroni and etcd.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private const int Ports = 40;

    /// <summary>A leader that is gone is replaced after 20 seconds, and a busy machine may need some more.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly int basePort = LoopbackPort.Take(Ports);
    private readonly ClusterScript script;

    private LocalCluster(ClusterScript script)
    {
        this.script = script;
        Address = new Uri($"http://127.0.0.1:{basePort}");
        Members = [.. Enumerable.Range(1, 3).Select(number => new ClusterMember(script, number, basePort))];
    }

    /// <summary>The address of HAProxy.</summary>
    public Uri Address { get; }

    public IReadOnlyList<ClusterMember> Members { get; }

    /// <summary>Starts a cluster, and waits until it draws. Skips the test where a program is missing.</summary>
    public static async Task<LocalCluster> StartAsync()
    {
        var cluster = new LocalCluster(new ClusterScript());
        try
        {
            await cluster.script.CreateAsync(cluster.basePort);
            foreach (var member in cluster.Members)
                await member.ConfigureAsync();
            await cluster.script.RunAsync("up");
            await cluster.HealsAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs patronictl.</summary>
    public Task ControlAsync(params string[] arguments) => script.RunAsync("patronictl", arguments);

    /// <summary>Sends a signal to etcd.</summary>
    public Task SignalEtcdAsync(string signal) => script.SignalAsync("etcd", signal);

    /// <summary>Gets a connection string to the database of a member, without PgBouncer.</summary>
    public string ConnectionString(ClusterMember member) =>
        new NpgsqlConnectionStringBuilder(File.ReadAllText(script.FileOf("credentials/UniqueRandom__ConnectionString")))
        {
            Host = "127.0.0.1",
            Port = member.Port,
        }.ConnectionString;

    /// <summary>Gets the member of which Patroni says that it leads.</summary>
    public Task<ClusterMember> FindLeaderAsync() => WaitAsync(() => FindAsync(Members), "a member leads");

    /// <summary>Waits until another member than the old leader leads.</summary>
    public Task<ClusterMember> FindNewLeaderAsync(ClusterMember old) =>
        WaitAsync(() => FindAsync(Members.Where(member => member != old)), $"{old.Name} has a successor");

    /// <summary>Gets the member that is the synchronous standby.</summary>
    public async Task<ClusterMember> FindStandbyAsync()
    {
        var name = await WaitAsync(
            async () => (await ReadStatesAsync()).FirstOrDefault(state => state.Role == "sync_standby")?.Name,
            "a member is the synchronous standby");
        return Members.Single(member => member.Name == name);
    }

    /// <summary>Waits until there are a leader and two standbys that follow it, of which one is synchronous.</summary>
    public async Task HealsAsync()
    {
        await WaitAsync(
            async () =>
            {
                var states = await ReadStatesAsync();
                return states.Select(state => state.Role).Order().SequenceEqual(["leader", "replica", "sync_standby"])
                    && states.All(state => state is { State: "running", Lag: 0 })
                    && states.DistinctBy(state => state.Timeline).Count() == 1
                    ? states
                    : null;
            },
            "all members are well");
    }

    /// <summary>Gets the states of all processes, and the ends of their logs.</summary>
    public Task<string> DescribeAsync() => script.DescribeAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var member in Members)
            member.Dispose();
        await script.DisposeAsync();
    }

    private static async Task<ClusterMember?> FindAsync(IEnumerable<ClusterMember> members)
    {
        var all = members.ToArray();
        var leads = await Task.WhenAll(all.Select(member => member.IsLeaderAsync()));
        return all.Zip(leads).FirstOrDefault(pair => pair.Second is true).First;
    }

    private static async Task<T> WaitAsync<T>(Func<Task<T?>> find, string what)
        where T : class
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await find() is { } found)
                return found;
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException($"Waited longer than {Patience.TotalSeconds} s until {what}.");
            await Task.Delay(20);
        }
    }

    /// <summary>Reads the states that the leader reports; none without a leader.</summary>
    private async Task<MemberState[]> ReadStatesAsync()
    {
        if (await FindAsync(Members) is not { } leader || await leader.DescribeClusterAsync() is not { } description)
            return [];
        using var json = JsonDocument.Parse(description);
        return [.. json.RootElement.GetProperty("members").EnumerateArray().Select(MemberState.Read)];
    }

    private sealed record MemberState(string Name, string Role, string State, long Timeline, long Lag)
    {
        public static MemberState Read(JsonElement member) => new(
            member.GetProperty("name").GetString()!,
            member.GetProperty("role").GetString()!,
            member.GetProperty("state").GetString()!,
            member.TryGetProperty("timeline", out var timeline) ? timeline.GetInt64() : -1,
            // Unknown while the member starts, and absent for the leader.
            !member.TryGetProperty("lag", out var lag) ? 0 : lag.ValueKind == JsonValueKind.Number ? lag.GetInt64() >> 20 : -1);
    }
}
