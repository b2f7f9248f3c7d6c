using System.Net;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Failover.Tests.Cluster;

/// <summary>A member of the cluster: a PostgreSQL server and its Patroni, whose connections to etcd can be cut.</summary>
internal sealed class ClusterMember(ClusterScript script, int number, int basePort) : IDisposable
{
    private readonly HttpClient patroni = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = new Uri($"http://127.0.0.1:{basePort + 20 + number}"),
        Timeout = TimeSpan.FromSeconds(1),
    };

    public string Name { get; } = $"member{number}";

    /// <summary>The port of PostgreSQL, without PgBouncer.</summary>
    public int Port { get; } = basePort + 10 + number;

    /// <summary>The network between Patroni and etcd.</summary>
    public TcpProxy Etcd { get; } = new(basePort + 3);

    private string Directory => script.FileOf(Name);

    /// <summary>Whether Patroni says that this member leads; null if it does not answer.</summary>
    public async Task<bool?> IsLeaderAsync() =>
        await GetAsync("/primary") is { } answer ? answer.Status == HttpStatusCode.OK : null;

    /// <summary>Gets the state of the cluster as this member sees it; null if it does not answer.</summary>
    public async Task<string?> DescribeClusterAsync() => (await GetAsync("/cluster"))?.Body;

    /// <summary>Has Patroni use the proxy.</summary>
    public async Task ConfigureAsync()
    {
        var file = script.FileOf($"etc/{Name}.yaml");
        var settings = await File.ReadAllTextAsync(file);
        var direct = $"  hosts: 127.0.0.1:{basePort + 3}\n";
        Assert.Contains(direct, settings, StringComparison.Ordinal);
        // Otherwise Patroni asks etcd for its address, and uses that.
        await File.WriteAllTextAsync(
            file, settings.Replace(direct, $"  hosts: 127.0.0.1:{Etcd.Port}\n  use_proxies: true\n", StringComparison.Ordinal));
    }

    public Task KillPatroniAsync() => script.SignalAsync(Name, "KILL");

    /// <summary>Starts Patroni again.</summary>
    public Task StartAsync() => script.RunAsync("start", Name);

    public Task KillPostgresAsync() => PostgresProcesses.CrashAsync(Directory);

    public Task FreezePostgresAsync() => PostgresProcesses.FreezeAsync(Directory);

    public Task ThawPostgresAsync() => PostgresProcesses.ThawAsync(Directory);

    public void Dispose()
    {
        patroni.Dispose();
        Etcd.Dispose();
    }

    private async Task<(HttpStatusCode Status, string Body)?> GetAsync(string path)
    {
        try
        {
            using var response = await patroni.GetAsync(new Uri(path, UriKind.Relative));
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }
}
