using System.Collections.Immutable;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Audit;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Models;

/// <summary>Runs operations on a store and on its model, and compares the two after each.</summary>
internal sealed class ModelRun(ModelledStore tested)
{
    private readonly HashSet<(Commitment Pool, long Number)> handedOut = [];
    private StoreModel model = new();
    private StoreModel? copy;
    private int seeds;
    private int steps;

    private DateTimeOffset Now => tested.Time.GetStoredNow();

    private IPoolStore Store => tested.Store;

    public async Task ApplyAsync(Operation operation)
    {
        await (operation switch
        {
            Operation.Create create => CreateAsync(create),
            Operation.Import import => ImportAsync(import),
            Operation.Extend extend => ExtendAsync(extend),
            Operation.Draw draw => DrawAsync(draw.Requests),
            Operation.Retry retry => RetryAsync(retry),
            Operation.Close close => CloseAsync(close.Pool),
            Operation.Wait wait => WaitAsync(wait.Milliseconds),
            Operation.Restart restart => RestartAsync(restart.IsKilled),
            Operation.KeepCopy => KeepCopyAsync(),
            Operation.Restore restore => RestoreAsync(restore.IsKilled),
            Operation.Verify => Store.VerifyAsync(everything: true, null, CancellationToken.None).AsTask(),
            _ => throw new ArgumentOutOfRangeException(nameof(operation)),
        });
        await CompareAsync();
    }

    private async Task CreateAsync(Operation.Create create)
    {
        var range = new PoolRange(create.Minimum, create.Minimum + create.Size - 1);
        var created = new PoolModel(new PoolDefinition(create.Pool, range), Seeds.Number(++seeds), Now, []);
        await RecordAsync(created, create.IsSeeded, () => Store.CreateAsync(
            created.Definition, created.Seed, CancellationToken.None));
    }

    private async Task ImportAsync(Operation.Import import)
    {
        var range = new PoolRange(import.Minimum, import.Minimum + import.Size - 1);
        ImmutableArray<long> numbers =
            [.. Enumerable.Range(0, import.Size).Where(offset => offset % import.Step == 0).Select(o => range.NumberAt(o))];
        var request = new DrawRequest(import.Pool, numbers.Length, Reference.Imported);
        var imported = new PoolModel(new PoolDefinition(import.Pool, range), Seeds.Number(++seeds), Now, numbers)
            .With(new ModelDraw(0, Now, request));
        using var set = SampleLog.SetOf(range, numbers.AsSpan());
        if (await RecordAsync(imported, import.IsSeeded, () => Store.ImportAsync(
            imported.Definition, new PoolImport(set, imported.Imported!, Caller: null), imported.Seed, CancellationToken.None)))
        {
            handedOut.UnionWith(numbers.Select(number => (imported.Commitment, number)));
        }
    }

    /// <summary>Records a pool, unless its name is taken.</summary>
    /// <returns>Whether it was recorded.</returns>
    private async Task<bool> RecordAsync(PoolModel recorded, bool isSeeded, Func<ValueTask<PoolCreation>> record)
    {
        var name = recorded.Created.Name;
        if (name == Operation.Full)
        {
            await FailsAsync(() => record().AsTask());
            return false;
        }

        var isNew = !model.Pools.TryGetValue(name, out var pool);
        pool ??= recorded;
        Assert.Equal(new PoolCreation(pool.Shown, isNew), await record());
        model = model.With(pool);
        if (isSeeded)
            await SeedAsync(name);
        return isNew;
    }

    private async Task ExtendAsync(Operation.Extend extend)
    {
        var (pool, seed) = (model.Pools.GetValueOrDefault(extend.Pool), Seeds.Number(++seeds));
        var maximum = (pool?.Definition.Range.Maximum ?? 0) is var last && last > long.MaxValue - extend.Size
            ? last
            : last + extend.Size;
        var expected = pool?.State switch
        {
            null => ExtensionOutcome.NotFound,
            PoolState.Seeding => ExtensionOutcome.Seeding,
            PoolState.Closed => ExtensionOutcome.Closed,
            _ when maximum == last => ExtensionOutcome.Invalid,
            _ => pool.IsPending ? ExtensionOutcome.Pending : ExtensionOutcome.Recorded,
        };
        if (expected == ExtensionOutcome.Recorded)
            model = model.With(pool = pool!.Extend(extend.Size, seed, Now));
        var (outcome, shown, _) = await Store.ExtendAsync(new(extend.Pool, maximum), seed, CancellationToken.None);
        Assert.Equal((expected, pool?.Shown), (outcome, shown));
        if (extend.IsSeeded)
            await SeedAsync(extend.Pool);
    }

    /// <summary>Stores what is missing of a pool.</summary>
    private async Task SeedAsync(string name)
    {
        var seeded = model.Pools.GetValueOrDefault(name)?.Complete();
        if (seeded is not null)
            model = model.With(seeded);
        Assert.Equal(seeded?.Shown, await Store.SeedAsync(name, null, CancellationToken.None));
    }

    private async Task DrawAsync(params DrawRequest[] requests)
    {
        var (after, expected, isFull) = (model, new List<DrawOutcome>(), false);
        foreach (var request in requests)
        {
            (after, var outcome) = after.Draw(request, Now);
            expected.Add(outcome);
            isFull |= outcome is { Kind: DrawOutcomeKind.Drawn, IsReplayed: false } && request.Reference == Operation.Full;
        }

        if (isFull)
        {
            await FailsAsync(() => Store.CommitBatchAsync(requests));
            return;
        }

        var outcomes = await Store.CommitBatchAsync(requests);
        Assert.Equal(expected.Select(OutcomeText.Of), outcomes.Select(OutcomeText.Of));
        model = after;
        foreach (var outcome in outcomes.Where(outcome => !outcome.IsReplayed))
        {
            foreach (var number in outcome.Numbers.ToArray())
            {
                var pool = model.Pools[outcome.Pool!.Name].Shown.Commitment;
                Assert.True(handedOut.Add((pool, number)), $"{number} was handed out before.");
            }
        }
    }

    private async Task RetryAsync(Operation.Retry retry)
    {
        if (model.Keyed.ToArray() is not { Length: > 0 } keyed)
            return;
        var (pool, count, reference, key, caller) = keyed[retry.Which % keyed.Length].Request;
        await DrawAsync(retry.Change switch
        {
            Operation.Difference.Pool => new DrawRequest(pool + "-", count, reference, key, caller),
            Operation.Difference.Count => new DrawRequest(pool, count % DrawRequest.MaximumCount + 1, reference, key, caller),
            Operation.Difference.Reference => new DrawRequest(pool, count, reference + "-", key, caller),
            Operation.Difference.Caller => new DrawRequest(pool, count, reference, key, caller + "-"),
            _ => new DrawRequest(pool, count, reference, key, caller),
        });
    }

    private async Task CloseAsync(string name)
    {
        var pool = model.Pools.GetValueOrDefault(name);
        if (pool?.State == PoolState.Open)
        {
            if (name == Operation.Unclosable)
            {
                await FailsAsync(() => Store.CloseAsync(name, CancellationToken.None).AsTask());
                return;
            }

            pool = pool with { State = PoolState.Closed, ClosedAt = Now };
            model = model.With(pool);
        }

        Assert.Equal(pool?.Shown, await Store.CloseAsync(name, CancellationToken.None));
    }

    private Task WaitAsync(int milliseconds)
    {
        tested.Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        return Task.CompletedTask;
    }

    private async Task RestartAsync(bool isKilled)
    {
        await tested.StopAsync(isKilled);
        await tested.StartAsync();
    }

    private async Task KeepCopyAsync()
    {
        await tested.KeepCopyAsync();
        copy = model;
    }

    private async Task RestoreAsync(bool isKilled)
    {
        // A pool that was not whole in the copy, and has drawn from an extension since, is refused for good.
        if (copy is not { } restored || restored.Pools.Values.Any(
            pool => pool.State == PoolState.Seeding && model.Pools.GetValueOrDefault(pool.Created.Name)?.IsExtended == true))
        {
            return;
        }

        await tested.StopAsync(isKilled);
        await tested.PutCopyBackAsync();
        var isBehind = model.Pools.Values.Any(
            pool => HandedOut(pool) > HandedOut(restored.Pools.GetValueOrDefault(pool.Definition.Name)));
        if (isBehind)
        {
            await Assert.ThrowsAsync<StoreRefusedException>(() => tested.StartAsync());
            var named = string.Join(',', restored.Pools.Values.Where(IsBehindInExtension).Select(
                pool => $"{pool.Created.Name}={model.Pools[pool.Created.Name].Cursor}"));
            restored = restored.Pools.Values.Where(pool => pool.State != PoolState.Closed).Aggregate(restored, Skip);
            await tested.StartAsync(ResumeAfterRestore.Parse(named));
        }
        else
        {
            await tested.StartAsync();
        }

        model = restored;
    }

    /// <summary>Whether the operator has to name a pool, because another node may have extended it again.</summary>
    private bool IsBehindInExtension(PoolModel copied) =>
        copied.State != PoolState.Closed && model.Pools[copied.Created.Name].Cursor is var cursor && cursor > copied.Cursor
            && cursor > copied.Created.Range.Size && cursor <= copied.Order.Length;

    /// <summary>Gives up the positions that may have been handed out since the copy was made.</summary>
    private StoreModel Skip(StoreModel restored, PoolModel pool)
    {
        var ceiling = tested.CeilingOf(pool);
        var drawn = model.Pools[pool.Created.Name];
        Assert.InRange(ceiling, HandedOut(drawn), Math.Max(drawn.HandedOut, drawn.Order.Length));
        // An extension that the copy lacks, or has not stored, could be another one next time.
        if (ceiling > pool.Order.Length)
            pool = pool with { State = PoolState.Closed, ClosedAt = Now, HandedOut = ceiling };
        var count = (int)Math.Min(ceiling, pool.Order.Length) - pool.Cursor;
        var skipped = new DrawRequest(pool.Created.Name, count, Reference.SkippedAfterRestore);
        return restored.With(count > 0 ? pool.With(new ModelDraw(pool.Cursor, Now, skipped)) : pool);
    }

    private static long HandedOut(PoolModel? pool) => Math.Max(pool?.HandedOut ?? 0, pool?.Cursor ?? 0);

    private async Task CompareAsync()
    {
        var stored = await Store.ListAllAsync(CancellationToken.None).ToListAsync();
        Assert.Equal(model.Pools.Values.Select(pool => pool.Shown), stored);
        foreach (var pool in model.Pools.Values)
        {
            var name = pool.Definition.Name;
            var drawn = (int)pool.Shown.Cursor;
            AssertCovers(await Store.ReadLogAsync(name, 0, int.MaxValue, CancellationToken.None), drawn > 0 ? pool.Draws : []);
            var numbers = new long[drawn];
            await Store.ReadNumbersAsync(name, 0, numbers, CancellationToken.None);
            Assert.Equal(pool.Order[..drawn], numbers);
            var place = ++steps * 31 % pool.Order.Length;
            Assert.Equal(
                place < drawn ? place : null,
                await Store.FindPositionAsync(name, pool.Order[place], CancellationToken.None));
        }
    }

    /// <summary>A row is a draw, or draws without a label that followed one another within a second.</summary>
    private static void AssertCovers(IReadOnlyList<DrawLogRow> log, IEnumerable<ModelDraw> draws)
    {
        var rest = new Queue<ModelDraw>(draws);
        foreach (var row in log)
        {
            Assert.True(rest.TryDequeue(out var last), $"The row at {row.First} is too many.");
            var (_, _, reference, key, caller) = last.Request;
            Assert.Equal(
                (last.First, last.At, reference, key, caller), (row.First, row.DrawnAt, row.Reference, row.Key, row.Caller));
            while (last.End < row.End)
            {
                Assert.True(rest.TryDequeue(out last), $"The row at {row.First} is too long.");
                var isUnlabelled = (row.Reference, row.Key, last.Request.Reference, last.Request.Key) == default;
                Assert.True(isUnlabelled && row.Caller == last.Request.Caller, $"The row at {row.First} lacks a label.");
                Assert.InRange(last.At - row.DrawnAt, TimeSpan.Zero, TimeSpan.FromMilliseconds(999));
            }

            Assert.Equal(last.End, row.End);
        }

        Assert.Empty(rest);
    }

    private static async Task FailsAsync(Func<Task> operation) =>
        Assert.Equal(StoreFault.Unavailable, (await Assert.ThrowsAsync<StoreException>(operation)).Fault);
}
