using Npgsql;
using UniqueRandom.Failover.Tests.Rounds;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Failover.Tests.Stores;

/// <summary>A session has the settings it needs whatever the defaults of the user are, also through a pooler.</summary>
[Collection(nameof(FailoverRounds))]
public sealed class SessionSettingsTests
{
    private const string ChecksThatWait =
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND waitstart < clock_timestamp() - interval '300 ms'";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_check_waits_for_a_lock_for_longer_than_the_lock_timeout_of_the_user(bool isPooled)
    {
        await using var server = await PostgresInstance.CreateAsync();
        await using var pooler = isPooled ? await PgBouncer.StartAsync(server.Port) : null;
        await using var node = await StoreNode.OpenAsync([pooler?.Port ?? server.Port]);
        await server.ExecuteAsync("ALTER ROLE postgres SET lock_timeout = '100 ms'");
        await using var restarted = await StoreNode.OpenAsync([pooler?.Port ?? server.Port]);
        // The second check uses the connection of the first one again.
        for (var check = 0; check < 2; check++)
            await WaitForLockAsync(server, restarted);

        await restarted.CreateAsync("p");
        Assert.Equal(0, (await restarted.DrawAsync("p")).Position);
        Assert.Equal(1, (await node.DrawAsync("p")).Position);
    }

    private static async Task WaitForLockAsync(PostgresInstance server, StoreNode node)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var holder = new NpgsqlConnection(server.ConnectionString() + ";Pooling=false");
        await holder.OpenAsync(cancellationToken);
        await using var transaction = await holder.BeginTransactionAsync(cancellationToken);
        await using (var command = new NpgsqlCommand("SELECT * FROM uniquerandom.version FOR UPDATE", holder))
            await command.ExecuteNonQueryAsync(cancellationToken);
        var check = node.CheckAsync().AsTask();
        await using (var command = new NpgsqlCommand(ChecksThatWait, holder))
        {
            await Eventually.TrueAsync(
                async () => check.IsCompleted || (long)(await command.ExecuteScalarAsync(cancellationToken))! > 0,
                "the check waits for longer than the lock timeout of the user");
        }

        await transaction.RollbackAsync(cancellationToken);
        await check;
    }
}
