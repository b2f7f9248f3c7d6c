using System.Collections.Concurrent;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Queueing;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Storage.Tests.Sqlite;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Permutations;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Storage.Tests.Models;

/// <summary>
/// Parallel callers of a queue on a SQLite store: draws, retries, cancellations and closes. Whatever happens, it is as if they
/// had called one after another. A seed repeats the calls, but not how the threads took turns.
/// </summary>
public sealed class ParallelCallsTests(ITestOutputHelper output) : SqliteStoreTestBase(1, Time)
{
    private static readonly FakeTimeProvider Time = new();

    private static readonly Gen<(Operation Operation, bool IsCanceled)> Calls = Gen.Select(
        Gen.Frequency(
            (9, from pool in Gen.OneOf("a", "a", "b")
                from count in Gen.Int[1, 4]
                from key in Gen.OneOf(null, null, "k1", "k2")
                from caller in Gen.OneOf(null, null, "ann")
                select (Operation)new Operation.Draw(new DrawRequest(pool, count, null, key, caller))),
            (1, Gen.OneOf("a", "b").Select(pool => (Operation)new Operation.Close(pool)))),
        Gen.OneOf(true, false, false, false, false));

    private static readonly Gen<(Setting, (Operation, bool)[][])> Callers = Gen.Select(
        from size in Gen.Int[1, 20]
        from capacity in Gen.OneOf(1, 2, 100)
        from hasThread in Gen.Bool
        select new Setting(size, new DrawQueueOptions { Capacity = capacity, HasCommitThread = hasThread }),
        Calls.Array[1, 4].Array[2, 4]);

    private long clock;
    private int histories;
    private int conflicts;

    [Fact]
    public async Task Parallel_calls_are_linearizable()
    {
        await Callers.SampleAsync(RunAsync, output.WriteLine, iter: TestRounds.Count(300, 50_000), threads: 1);
        output.WriteLine($"{conflicts} of {histories} with calls that overlapped");
        Assert.InRange(conflicts, histories / 4, histories);
    }

    [Theory]
    [InlineData(0, 1, 2, 3, 0, 1, true)]
    [InlineData(0, 1, 2, 3, 1, 0, false)]
    [InlineData(0, 2, 1, 3, 1, 0, true)]
    [InlineData(0, 2, 1, 3, 0, 0, false)]
    [InlineData(0, 2, 1, 3, 0, 2, false)]
    public void Positions_must_follow_the_order_of_calls_that_did_not_overlap(
        int began1, int ended1, int began2, int ended2, int position1, int position2, bool isLinearizable)
    {
        var pool = Pool("p", 3);
        var request = new DrawRequest("p");
        var calls = new[] { (began1, ended1, position1), (began2, ended2, position2) }.Select(call => new Call(
            new Operation.Draw(request), call.Item1, call.Item2,
            OutcomeText.Of(pool.OutcomeOf(new ModelDraw(call.Item3, Time.GetStoredNow(), request)))));
        Assert.Equal(
            isLinearizable, Call.AreLinearizable(new StoreModel().With(pool), [.. calls], Time.GetStoredNow(), _ => true));
    }

    private static PoolModel Pool(string name, int size) =>
        new(new PoolDefinition(name, new PoolRange(1, size)), Seeds.Number(size), Time.GetStoredNow(), [])
        {
            State = PoolState.Open,
        };

    private async Task RunAsync((Setting Setting, (Operation Operation, bool IsCanceled)[][] Callers) sample)
    {
        var history = $"-{++histories}";
        var model = new StoreModel().With(Pool("a" + history, sample.Setting.Size)).With(Pool("b" + history, 4));
        foreach (var pool in model.Pools.Values)
            await store.CreateAndSeedAsync(pool.Definition, pool.Seed, null, CancellationToken);

        var calls = new ConcurrentBag<Call>();
        await using (var queue = new DrawQueue(store, sample.Setting.Queue))
        {
            await Task.WhenAll(sample.Callers.Select(caller => Task.Run(async () =>
            {
                foreach (var (operation, isCanceled) in caller)
                    calls.Add(await CallAsync(queue, Rename(operation, history), isCanceled));
            })));
        }

        if (calls.Any(call => calls.Any(other => other.Began < call.Began && call.Began < other.Ended)))
            conflicts++;
        var end = await ReadAsync(model);
        var areLinearizable = Call.AreLinearizable(
            model, [.. calls], Time.GetStoredNow(), after => end.SequenceEqual(after.Pools.Values.SelectMany(Describe)));
        Assert.True(
            areLinearizable,
            $"No order explains\n{string.Join('\n', calls.OrderBy(call => call.Began))}\nand\n{string.Join('\n', end)}");
    }

    /// <summary>Makes the names of pools and keys those of one history.</summary>
    private static Operation Rename(Operation operation, string history) => operation switch
    {
        Operation.Draw { Requests: [var request] } => new Operation.Draw(new DrawRequest(
            request.Pool + history, request.Count, request.Reference, request.Key is null ? null : request.Key + history,
            request.Caller)),
        Operation.Close close => new Operation.Close(close.Pool + history),
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };

    private async Task<Call> CallAsync(DrawQueue queue, Operation operation, bool isCanceled)
    {
        var began = Interlocked.Increment(ref clock);
        var outcome = operation is Operation.Close close
            ? Call.Describe((await store.CloseAsync(close.Pool, CancellationToken))!)
            : await DrawAsync(queue, ((Operation.Draw)operation).Requests[0], isCanceled);
        return new Call(operation, began, Interlocked.Increment(ref clock), outcome);
    }

    private static async Task<string?> DrawAsync(DrawQueue queue, DrawRequest request, bool isCanceled)
    {
        using var canceling = new CancellationTokenSource();
        var draw = queue.DrawAsync(request, canceling.Token);
        if (isCanceled)
            await canceling.CancelAsync();
        try
        {
            var outcome = await draw;
            return outcome.Kind == DrawOutcomeKind.QueueFull ? null : OutcomeText.Of(outcome);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Reads what is stored in the form of <see cref="Describe"/>.</summary>
    private async Task<List<string>> ReadAsync(StoreModel model)
    {
        var lines = new List<string>();
        foreach (var name in model.Pools.Keys)
        {
            lines.Add(Call.Describe((await store.FindAsync(name, CancellationToken))!));
            foreach (var row in await store.ReadLogAsync(name, 0, int.MaxValue, CancellationToken))
                lines.AddRange(Enumerable.Repeat($"{row.Key} {row.Caller}", (int)row.Count));
        }

        return lines;
    }

    private static IEnumerable<string> Describe(PoolModel pool) =>
        pool.Draws.SelectMany(draw => Enumerable.Repeat($"{draw.Request.Key} {draw.Request.Caller}", draw.Request.Count))
            .Prepend(Call.Describe(pool.Shown));

    private sealed record Setting(int Size, DrawQueueOptions Queue);
}
