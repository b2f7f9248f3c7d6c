using UniqueRandom.Testing.Time;

namespace UniqueRandom.Testing.Postgres;

/// <summary>A primary and its synchronous standby, which can switch roles any number of times.</summary>
internal sealed class PostgresPair : IAsyncDisposable
{
    private PostgresPair(PostgresInstance primary, PostgresInstance standby) => (Primary, Standby) = (primary, standby);

    /// <summary>The server that was created as the primary, or promoted last.</summary>
    public PostgresInstance Primary { get; private set; }

    /// <summary>The other server: after a failover the old primary, which is down until it rejoins.</summary>
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
    /// Kills the primary and promotes the standby, which commits alone until the other server rejoins.
    /// </summary>
    public async Task FailOverAsync()
    {
        await Primary.KillAsync();
        await PromoteAsync();
    }

    /// <summary>
    /// Promotes the standby while the primary may be running: the mistake of a failover without fencing.
    /// </summary>
    public async Task PromoteAsync()
    {
        await Standby.PromoteAsync();
        (Primary, Standby) = (Standby, Primary);
    }

    /// <summary>Stops the primary, promotes the standby, and makes the old primary its standby: a planned switchover.</summary>
    public async Task SwitchOverAsync()
    {
        await Primary.StopAsync();
        await PromoteAsync();
        await RejoinAsync();
    }

    /// <summary>
    /// Recreates the old primary, running or not, as a synchronous standby of the new one.
    /// </summary>
    public async Task RejoinAsync()
    {
        await Standby.FollowAsync(Primary);
        await SynchronizeAsync();
    }

    /// <summary>
    /// Starts the old primary as a primary: the mistake that makes two of them. Its commits wait for a standby that it no longer
    /// has, unless <paramref name="commitsAlone"/> is true.
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
