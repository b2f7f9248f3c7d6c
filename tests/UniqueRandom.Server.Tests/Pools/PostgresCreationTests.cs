using System.Text.Json;
using Npgsql;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Server.Tests.Pools;

/// <summary>
/// Creation of pools on PostgreSQL. Not in parallel with other tests of this project, because fifty large pools load the machine.
/// </summary>
[Collection(nameof(PostgresCreationTests))]
[CollectionDefinition(nameof(PostgresCreationTests), DisableParallelization = true)]
public sealed class PostgresCreationTests(PostgresServer postgres) : IAsyncLifetime
{
    private const int Pools = 50;

    /// <summary>The smallest pool that is seeded as a large one.</summary>
    private const int Large = 1_000_001;

    /// <summary>The first half of the advisory locks of this program; the second is the id of the pool.</summary>
    private const int LockClass = 0x55526E64;

    /// <summary>Longer than a creation waits for its seeding, and shorter than PostgreSQL waits for a lock.</summary>
    private static readonly TimeSpan SlowCreation = TimeSpan.FromSeconds(1.5);

    private readonly TemporaryDirectory directory = new();
    private TestDatabase database = null!;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => database = await postgres.CreateDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        if (database is not null)
            await database.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task On_a_slow_database_a_pool_with_another_range_is_refused()
    {
        await using var server = await StartAsync();
        (await server.Client.CreatePoolAsync("p", 1, 10)).Success(201);

        var answer = await WhileWritesWaitAsync(() => server.Client.CreatePoolAsync("p", 1, 11));

        Assert.Equal(10, answer.Problem(409, "pool-exists").GetProperty("maximum").GetInt32());
    }

    [Fact]
    public async Task On_a_slow_database_a_creation_is_answered_when_the_pool_is_recorded()
    {
        await using var server = await StartAsync();
        (await server.Client.CreatePoolAsync("earlier", 1, 10)).Success(201);

        var answer = await WhileWritesWaitAsync(() => server.Client.CreatePoolAsync("p", 1, 10));

        Assert.Equal(10, answer.Success(201).GetProperty("maximum").GetInt32());
    }

    [Fact]
    public async Task Fifty_large_pools_are_created_concurrently_and_seeded_while_other_requests_work()
    {
        await using var server = await StartAsync();

        var creations = CreateAllAsync(server.Client);
        do
        {
            await AssertWorksAsync(server.Client);
        }
        while (!creations.IsCompleted);

        Assert.All(await creations, answer => answer.Success(201));
        await AssertAllAreSeededAsync(server.Client);
    }

    [Fact]
    public async Task Fifty_unfinished_pools_are_seeded_after_a_start_while_other_requests_work()
    {
        ApiAnswer[] created;
        await using (var server = await StartAsync())
        {
            created = await CreateAllAsync(server.Client);
            await server.KillAsync();
        }

        await using var next = await StartAsync();
        await AssertAllAreSeededAsync(next.Client);

        var statuses = await Task.WhenAll(Enumerable.Range(0, Pools).Select(i => next.Client.StatusAsync($"large{i}")));
        Assert.Equal(
            created.Select(answer => answer.Success(201).GetProperty("commitment").GetString()),
            statuses.Select(status => status.GetProperty("commitment").GetString()));
    }

    [Fact]
    public async Task A_small_pool_is_opened_at_once_while_large_pools_are_seeded()
    {
        await using var server = await StartAsync();
        (await server.Client.CreatePoolAsync("large", 1, 20_000_000)).Success(201);
        (await server.Client.CreatePoolAsync("waiting", 1, 20_000_000)).Success(201);

        Assert.Equal("open", State((await server.Client.CreatePoolAsync("small", 1, 1000)).Success(201)));

        Assert.Equal("seeding", State(await server.Client.StatusAsync("waiting")));
    }

    /// <summary>
    /// A failed node or an abandoned session keeps its claim until PostgreSQL ends the session.
    /// </summary>
    [Fact]
    public async Task A_pool_claimed_by_another_session_is_seeded_when_that_session_ends()
    {
        await using var server = await StartAsync();
        await using (var holder = new NpgsqlConnection(database.ConnectionString))
        {
            await holder.OpenAsync(CancellationToken);
            await using var claim = new NpgsqlCommand($"SELECT pg_advisory_lock({LockClass}, 2)", holder);
            await claim.ExecuteNonQueryAsync(CancellationToken);
            Assert.Equal("seeding", State((await server.Client.CreatePoolAsync("p", 1, 10)).Success(201)));
            Assert.Equal("seeding", State((await server.Client.CreatePoolAsync("p", 1, 10)).Success(200)));
            NpgsqlConnection.ClearPool(holder);
        }

        await Eventually.TrueAsync(
            async () => State(await server.Client.StatusAsync("p")) == "open", "the pool is open");
    }

    private static string? State(JsonElement status) => status.GetProperty("state").GetString();

    private static Task<ApiAnswer[]> CreateAllAsync(HttpClient client) =>
        Task.WhenAll(Enumerable.Range(0, Pools).Select(i => client.CreatePoolAsync($"large{i}", 1, Large + i)));

    private static async Task AssertWorksAsync(HttpClient client)
    {
        (await client.FetchAsync("/health/ready")).Success(200);
        (await client.FetchAsync("/pools")).Success(200);
        (await client.FetchAsync("/random")).Success(200);
    }

    private static async Task AssertAllAreSeededAsync(HttpClient client)
    {
        for (var seeded = 0; seeded < Pools;)
        {
            await AssertWorksAsync(client);
            var pools = (await client.FetchAsync("/pools")).Success(200).GetProperty("pools").EnumerateArray().ToList();
            Assert.Equal(Pools + 1, pools.Count);
            seeded = pools.Count(pool => State(pool) == "open") - 1;
        }
    }

    /// <summary>Sends a request while the table of pools is locked for longer than a creation waits.</summary>
    private async Task<ApiAnswer> WhileWritesWaitAsync(Func<Task<ApiAnswer>> send)
    {
        await using var holder = new NpgsqlConnection(database.ConnectionString);
        await holder.OpenAsync(CancellationToken);
        Task<ApiAnswer> answer;
        await using (await holder.BeginTransactionAsync(CancellationToken))
        {
            await using var command = new NpgsqlCommand("LOCK TABLE uniquerandom.pool IN SHARE ROW EXCLUSIVE MODE", holder);
            await command.ExecuteNonQueryAsync(CancellationToken);
            answer = send();
            await Task.WhenAny(answer, Task.Delay(SlowCreation, CancellationToken));
        }

        return await answer;
    }

    private Task<ServerProcess> StartAsync() =>
        ServerProcess.StartAsync(directory, [.. database.Switches, "--maximum", "100000"]);
}
