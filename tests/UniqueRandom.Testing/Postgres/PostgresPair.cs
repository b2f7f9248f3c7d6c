using UniqueRandom.Testing.Time;

namespace UniqueRandom.Testing.Postgres;

/// <summary>A primary and its synchronous standby, which change places as often as a test likes.</summary>
internal sealed class PostgresPair : IAsyncDisposable
{
    private PostgresPair(PostgresInstance primary, PostgresInstance standby) => (Primary, Standby) = (primary, standby);

    /// <summary>The one that was created, or promoted, last.</summary>
    public PostgresInstance Primary { get; private set; }

    /// <summary>The other one: after a failover the old primary, which is down until it rejoins.</summary>
    public PostgresInstance Standby { get; private set; }

    /// <summary>
    /// Creates both, and waits until no commit returns before the standby has it. Skips the test where PostgreSQL is not
    /// installed.
    /// </summary>
    public static async Task<PostgresPair> CreateAsync()
    {
        var primary = await PostgresInstance.CreateAsync("n1");
        PostgresInstance? standby = null;
        try
        {
            standby = await primary.CloneAsync("n2");
            var pair = new PostgresPair(primary, standby);
            await pair.SynchronizeAsync();
            return pair;
        }
        catch
        {
            if (standby is not null)
                await standby.DisposeAsync();
            await primary.DisposeAsync();
            throw;
        }
    }

    public async Task<bool> IsSynchronousAsync() => await Primary.ScalarAsync<bool>(
        $"SELECT count(*) = 1 FROM pg_stat_replication WHERE application_name = '{Standby.Name}' "
        + $"AND state = 'streaming' AND sync_state = 'sync'");

    /// <summary>Waits for the standby, after it or its connection was away.</summary>
    public Task UntilSynchronousAsync() =>
        Eventually.TrueAsync(IsSynchronousAsync, $"{Standby.Name} is a synchronous standby of {Primary.Name}");

    /// <summary>
    /// kill -9 of the primary, then the standby takes its place. It commits alone, until the other one rejoins.
    /// </summary>
    public async Task FailOverAsync()
    {
        await Primary.KillAsync();
        await PromoteAsync();
    }

    /// <summary>
    /// The standby is promoted while the primary may be running: the mistake of a failover that only believes that the primary is
    /// gone.
    /// </summary>
    public async Task PromoteAsync()
    {
        await Standby.PromoteAsync();
        (Primary, Standby) = (Standby, Primary);
    }

    /// <summary>The primary is stopped and becomes the standby of the other one: a switchover as an operator does it.</summary>
    public async Task SwitchOverAsync()
    {
        await Primary.StopAsync();
        await PromoteAsync();
        await RejoinAsync();
    }

    /// <summary>
    /// The old primary, running or not, comes back as a new copy of the new one, and is waited for by each commit again.
    /// </summary>
    public async Task RejoinAsync()
    {
        await Standby.FollowAsync(Primary);
        await SynchronizeAsync();
    }

    /// <summary>
    /// The old primary is started as what it was: the mistake that makes two of them. Its commits wait for a standby that it no
    /// longer has, unless whoever starts it takes care of that too.
    /// </summary>
    public async Task ReviveAsync(bool commitsAlone)
    {
        await Standby.StartAsync();
        if (commitsAlone)
            await Standby.SetAsync("synchronous_standby_names", "");
    }

    public async ValueTask DisposeAsync()
    {
        await Primary.DisposeAsync();
        await Standby.DisposeAsync();
    }

    /// <summary>
    /// Has each commit wait for the standby, which is running. None does before the checkpointer, too, has read the setting;
    /// nothing shows when it has. It does so before the next checkpoint.
    /// </summary>
    public async Task SynchronizeAsync()
    {
        await Primary.SetAsync("synchronous_standby_names", $"FIRST 1 ({Standby.Name})");
        await Primary.ExecuteAsync("CHECKPOINT");
        await UntilSynchronousAsync();
    }
}
