using Npgsql;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Failover.Tests.Postgres;

public sealed class TcpProxyTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly TimeSpan ShortTimeout = TimeSpan.FromMilliseconds(200);

    private TestDatabase database = null!;
    private TcpProxy proxy = null!;
    private NpgsqlDataSource source = null!;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (i integer)");
        var direct = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        proxy = new TcpProxy(direct.Port, direct.Host!);
        direct.Host = "127.0.0.1";
        direct.Port = proxy.Port;
        source = NpgsqlDataSource.Create(direct);
    }

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        proxy.Dispose();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task A_cut_closes_open_connections_and_refuses_new_ones_until_it_is_restored()
    {
        await InsertAsync();
        proxy.Cut();
        await Assert.ThrowsAnyAsync<NpgsqlException>(InsertAsync);
        await Assert.ThrowsAnyAsync<NpgsqlException>(InsertAsync);
        proxy.Restore();
        await InsertAsync();
        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task A_freeze_stops_both_directions_and_new_connections_until_it_is_restored()
    {
        await using var connection = await source.OpenConnectionAsync(CancellationToken);
        proxy.Freeze();
        var insert = new NpgsqlCommand("INSERT INTO t VALUES (1)", connection).ExecuteNonQueryAsync(CancellationToken);
        var another = InsertAsync();
        await Assert.ThrowsAsync<TimeoutException>(
            () => Task.WhenAny(insert, another).WaitAsync(ShortTimeout, CancellationToken));
        Assert.Equal(0, await CountAsync());
        proxy.Restore();
        await Task.WhenAll(insert, another);
        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task Frozen_answers_allow_a_commit_whose_answer_does_not_arrive()
    {
        await using var connection = await source.OpenConnectionAsync(CancellationToken);
        proxy.FreezeAnswers();
        var insert = new NpgsqlCommand("INSERT INTO t VALUES (1)", connection).ExecuteNonQueryAsync(CancellationToken);
        await Eventually.TrueAsync(async () => await CountAsync() == 1, "the row is committed");
        await Assert.ThrowsAsync<TimeoutException>(() => insert.WaitAsync(ShortTimeout, CancellationToken));
        proxy.Cut();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => insert);
        proxy.Restore();
        await InsertAsync();
        Assert.Equal(2, await CountAsync());
    }

    private async Task InsertAsync()
    {
        await using var command = source.CreateCommand("INSERT INTO t VALUES (1)");
        await command.ExecuteNonQueryAsync(CancellationToken);
    }

    private Task<long> CountAsync() => database.ScalarAsync<long>("SELECT count(*) FROM t");
}
