using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Server.Tests.Maintenance;

/// <summary>
/// Pools move from store to store while the transfers are killed at random moments. Never do two stores draw, nothing repeats,
/// and every key keeps its numbers.
/// </summary>
public sealed class TransferKillTests(PostgresServer postgres, ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly Random random = new();
    private readonly HashSet<long> received = [];
    private readonly Dictionary<string, string> keys = [];

    /// <summary>The longest time that a transfer works until it is killed. It grows until one finishes.</summary>
    private TimeSpan longest = TimeSpan.FromSeconds(1.5);

    private int killsLeft = TestRounds.Count(few: 10, all: 100);

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Pools_move_on_after_each_kill_and_only_one_store_draws()
    {
        var source = new TransferPlace(directory, "0.db", null);
        Assert.True(await TryDrawAsync(source));
        for (var trip = 1; killsLeft > 0 || trip <= 2; trip++)
        {
            var database = trip % 2 == 1 ? await postgres.CreateDatabaseAsync() : null;
            var target = new TransferPlace(directory, $"{trip}.db", database);
            await MoveAsync(source, target);
            Assert.Contains("has moved its pools to", await source.RefusedAsync());
            Assert.True(await TryDrawAsync(target));
            await source.DisposeAsync();
            source = target;
        }

        await source.DisposeAsync();
    }

    /// <summary>The target can't be finished while another transaction locks its version.</summary>
    [Fact]
    public async Task Killed_after_the_pools_have_moved_the_next_run_only_finishes()
    {
        var source = new TransferPlace(directory, "0.db", null);
        Assert.True(await TryDrawAsync(source));
        await using var target = new TransferPlace(directory, "1.db", await postgres.CreateDatabaseAsync());
        await using var connections = NpgsqlDataSource.Create(target.End);
        await using var locked = await connections.OpenConnectionAsync();
        await using (var run = TransferRun.Launch(directory, "--from", source.End, "--to", target.End))
        {
            await Eventually.TrueAsync(target.IsUnfinishedAsync, "the target is not empty");
            await using var transaction = await locked.BeginTransactionAsync();
            await using (var command = new NpgsqlCommand("SELECT * FROM uniquerandom.version FOR UPDATE", locked))
                await command.ExecuteNonQueryAsync();
            await Eventually.TrueAsync(target.IsWaitedForAsync, "the transfer waits for the version");
            await run.KillAsync();
        }

        Assert.Contains("has moved its pools to", await source.RefusedAsync());
        Assert.Contains("holds a transfer that was not finished", await target.RefusedAsync());
        await TransferRun.DoneAsync(directory, [], "--from", source.End, "--to", target.End);
        Assert.True(await TryDrawAsync(target));
    }

    /// <summary>Runs the transfer until it finishes, and kills it before that at random moments.</summary>
    private async Task MoveAsync(TransferPlace source, TransferPlace target)
    {
        for (var kills = 0; ; kills++)
        {
            source.RemoveLock();
            target.RemoveLock();
            await using var run = TransferRun.Launch(directory, "--from", source.End, "--to", target.End);
            await Eventually.TrueAsync(
                () => Task.FromResult(run.HasExited || source.IsLocked || target.IsLocked), "it has begun");
            var started = Stopwatch.GetTimestamp();
            if (killsLeft == 0 || await HasEndedAsync(run))
            {
                Assert.Equal((0, ""), (await run.ExitAsync(), string.Join('\n', run.Errors)));
                Assert.StartsWith("Moved to ", Assert.Single(run.Output));
                longest = Stopwatch.GetElapsedTime(started);
                output.WriteLine($"To {target.Name} after {kills} kills, at last in {longest.TotalSeconds:N2} s");
                return;
            }

            await run.KillAsync();
            killsLeft--;
            longest *= 1.3;
            var draws = await TryDrawAsync(source);
            output.WriteLine($"Killed on the way to {target.Name}: source draws {draws}, target {await target.DescribeAsync()}");
            if (draws)
                Assert.False(await target.IsWholeAsync(), "Both draw.");
            else if (await target.IsWholeAsync())
                Assert.True(await TryDrawAsync(target));
            if (await target.IsUnfinishedAsync())
                Assert.Contains("holds a transfer that was not finished", await target.RefusedAsync());
        }
    }

    /// <summary>Waits for a random time.</summary>
    private async Task<bool> HasEndedAsync(ServerProcess run)
    {
        var end = run.ExitAsync();
        return await Task.WhenAny(end, Task.Delay(longest * random.NextDouble())) == end;
    }

    /// <summary>Draws new numbers, and repeats an earlier draw.</summary>
    /// <returns>False if the server refuses to start because the pools have moved.</returns>
    private async Task<bool> TryDrawAsync(TransferPlace place)
    {
        await using var server = await place.TryStartAsync();
        if (server is null)
            return false;
        for (var i = 0; i < 3; i++)
        {
            var key = $"key-{keys.Count}";
            var numbers = await DrawAsync(server, key, isReplay: false);
            Assert.All(
                JsonSerializer.Deserialize<long[]>(numbers)!,
                number => Assert.True(received.Add(number), $"{number} was received twice."));
            keys.Add(key, numbers);
        }

        var (used, expected) = keys.ElementAt(random.Next(keys.Count));
        Assert.Equal(expected, await DrawAsync(server, used, isReplay: true));
        Assert.Equal(0, await server.StopAsync());
        return true;
    }

    private static async Task<string> DrawAsync(ServerProcess server, string key, bool isReplay)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "pools/default/draws")
        {
            Headers = { { "Idempotency-Key", key } },
            Content = JsonContent.Create(new { count = 50, reference = $"of {key}" }),
        };
        using var answer = await server.Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(isReplay, body.GetProperty("replayed").GetBoolean());
        return body.GetProperty("numbers").GetRawText();
    }
}
