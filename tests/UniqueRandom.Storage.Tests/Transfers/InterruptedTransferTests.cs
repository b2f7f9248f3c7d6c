using UniqueRandom.Draws;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Storage.Transfers;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Storage.Tests.Transfers;

/// <summary>Transfers that end at any step: at most one end is drawn from, and the next run finishes.</summary>
public sealed class InterruptedTransferTests(PostgresServer server) : TransferTestBase(server)
{
    public static TheoryData<string> Steps => [.. InterruptedEnd.Steps];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task To_PostgreSQL_an_interruption_leaves_one_end_and_the_next_run_finishes(string step)
    {
        await using (var store = await OpenSqliteAsync())
            await SampleStore.FillAsync(store);

        await InterruptAsync(Sqlite, Postgres, step);
        var before = await AssertOneEndAsync(() => OpenSqliteAsync(), () => OpenPostgresAsync(), step);

        await RunAsync(Sqlite, Postgres);
        await AssertMovedAsync(before, () => OpenSqliteAsync(), () => OpenPostgresAsync());
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task To_SQLite_an_interruption_leaves_one_end_and_the_next_run_finishes(string step)
    {
        await using (var store = await OpenPostgresAsync())
            await SampleStore.FillAsync(store);

        await InterruptAsync(Postgres, Sqlite, step);
        var before = await AssertOneEndAsync(() => OpenPostgresAsync(), () => OpenSqliteAsync(), step);

        await RunAsync(Postgres, Sqlite);
        await AssertMovedAsync(before, () => OpenPostgresAsync(), () => OpenSqliteAsync());
    }

    /// <summary>The unfinished copy must not be finished when the pools have moved elsewhere.</summary>
    [Fact]
    public async Task An_unfinished_copy_is_not_finished_by_a_move_to_another_target()
    {
        await using (var store = await OpenPostgresAsync())
            await SampleStore.FillAsync(store);
        var other = directory.File("other.db");
        await InterruptAsync(Postgres, SqliteEnd(other), "read");
        await RunAsync(Postgres, Sqlite);

        Assert.Contains($"has moved its pools to {directory.Database}", await RefusedAsync(Postgres, SqliteEnd(other)));
        Assert.Contains("a transfer that was not finished", await ClosedAsync(() => OpenSqliteAsync(other)));
        var check = Assert.Throws<StoreRefusedException>(() => SqliteCheck.Run(other, null, CancellationToken));
        Assert.Contains("a transfer that was not finished", check.Message);
        Assert.Contains("a transfer that was not finished", await RefusedAsync(SqliteEnd(other), Postgres));
    }

    [Fact]
    public async Task A_finished_transfer_that_runs_again_changes_nothing()
    {
        await using (var store = await OpenPostgresAsync())
            await SampleStore.FillAsync(store);
        var first = await RunAsync(Postgres, Sqlite);
        List<string> before;
        await using (var store = await OpenSqliteAsync())
            before = await SampleStore.ReadAsync(store);

        Assert.Equal(first, await RunAsync(Postgres, Sqlite));
        await AssertMovedAsync(before, () => OpenPostgresAsync(), () => OpenSqliteAsync());
    }

    /// <summary>The mark of a server that was killed has ceilings above the cursors.</summary>
    [Fact]
    public async Task A_source_that_was_killed_can_be_served_from_after_an_interruption()
    {
        var killed = directory.File("killed.db");
        await using (var store = await OpenSqliteAsync())
        {
            await SampleStore.FillAsync(store);
            foreach (var ending in (string[])["", "-wal", ".mark"])
                File.Copy(directory.Database + ending, killed + ending);
        }

        await InterruptAsync(SqliteEnd(killed), Postgres, "read");
        await InterruptAsync(SqliteEnd(killed), Postgres, "read");
        var before = await AssertOneEndAsync(() => OpenSqliteAsync(killed), () => OpenPostgresAsync(), "read");

        await RunAsync(SqliteEnd(killed), Postgres);
        await AssertMovedAsync(before, () => OpenSqliteAsync(killed), () => OpenPostgresAsync());
    }

    /// <summary>As after an update of the program: the source is upgraded when it is opened.</summary>
    [Theory]
    [InlineData("saved")]
    [InlineData(InterruptedEnd.Moved)]
    public async Task A_target_of_an_earlier_version_is_finished(string step)
    {
        await using (var store = await OpenSqliteAsync())
            await SampleStore.FillAsync(store);
        await InterruptAsync(Sqlite, Postgres, step);
        await Database.ExecuteAsync(
            "ALTER TABLE uniquerandom.pool DROP is_computed, DROP code, DROP imported, DROP imported_sha256; "
            + "DROP TABLE uniquerandom.segment; ALTER TABLE uniquerandom.delivery DROP size; "
            + "UPDATE uniquerandom.version SET number = 4");
        if (step == InterruptedEnd.Moved)
            await Database.ExecuteAsync("TRUNCATE uniquerandom.pool, uniquerandom.chunk, uniquerandom.draw");

        await RunAsync(Sqlite, Postgres);
        await AssertMovedAsync(before: null, () => OpenSqliteAsync(), () => OpenPostgresAsync());
    }

    /// <summary>As after a failover to a server that has the id of the transfer, and not its copy.</summary>
    [Fact]
    public async Task A_target_that_has_lost_its_copy_is_filled_again()
    {
        await using (var store = await OpenSqliteAsync())
            await SampleStore.FillAsync(store);
        await InterruptAsync(Sqlite, Postgres, InterruptedEnd.Moved);
        await Database.ExecuteAsync("TRUNCATE uniquerandom.pool, uniquerandom.chunk, uniquerandom.draw, uniquerandom.delivery");

        await RunAsync(Sqlite, Postgres);
        await AssertMovedAsync(before: null, () => OpenSqliteAsync(), () => OpenPostgresAsync());
    }

    [Fact]
    public async Task A_target_that_has_lost_the_transfer_is_refused()
    {
        await using (var store = await OpenSqliteAsync())
            await SampleStore.FillAsync(store);
        await InterruptAsync(Sqlite, Postgres, InterruptedEnd.Moved);
        await Database.ExecuteAsync("DROP SCHEMA uniquerandom CASCADE");

        Assert.Contains("has no pools; name the database that the pools were moved to", await RefusedAsync(Sqlite, Postgres));
        await using (await OpenPostgresAsync())
            Assert.Contains("does not have them; name that database, or restore it", await RefusedAsync(Sqlite, Postgres));
    }

    /// <summary>Otherwise a copy of the source would agree with the mark that was not sealed.</summary>
    [Fact]
    public async Task A_moved_source_is_finished_with_its_own_mark_only()
    {
        await using (var store = await OpenSqliteAsync())
            await SampleStore.FillAsync(store);
        await InterruptAsync(Sqlite, Postgres, InterruptedEnd.Moved);
        var mark = directory.File("elsewhere.mark");
        File.Move(directory.Mark, mark);

        Assert.Contains("is missing; name it with --from-mark", await RefusedAsync(Sqlite, Postgres));
        Assert.False(File.Exists(directory.Mark));
        await RunAsync(TransferEnd.Sqlite(directory.Database, mark), Postgres);
        await AssertMovedAsync(before: null, () => OpenSqliteAsync(), () => OpenPostgresAsync());
    }

    /// <summary>The mark of an earlier file has the same identity, because the pools are the same.</summary>
    [Fact]
    public async Task The_mark_of_an_earlier_file_is_not_removed()
    {
        await using (var store = await OpenSqliteAsync())
            await SampleStore.FillAsync(store);
        await RunAsync(Sqlite, Postgres);
        var target = directory.File("target.db");
        await InterruptAsync(Postgres, SqliteEnd(target), "saved");

        Assert.Contains("There is a mark", await RefusedAsync(Postgres, TransferEnd.Sqlite(target, directory.Mark)));
        Assert.True(File.Exists(directory.Mark));
        await RunAsync(Postgres, SqliteEnd(target));
        await AssertMovedAsync(before: null, () => OpenPostgresAsync(), () => OpenSqliteAsync(target));
    }

    [Fact]
    public async Task A_canceled_transfer_leaves_the_source_as_it_was()
    {
        await using (var store = await OpenSqliteAsync())
            await SampleStore.FillAsync(store);
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transfer.RunAsync(
            Sqlite, Postgres, TimeProvider.System, new CancelAtHalf(stop), stop.Token));

        var before = await AssertOneEndAsync(() => OpenSqliteAsync(), () => OpenPostgresAsync(), "read");
        await RunAsync(Sqlite, Postgres);
        await AssertMovedAsync(before, () => OpenSqliteAsync(), () => OpenPostgresAsync());
    }

    private static async Task InterruptAsync(TransferEnd from, TransferEnd to, string step) =>
        await Assert.ThrowsAsync<InterruptedEnd.InterruptedException>(
            () => RunAsync(new InterruptedEnd(from, step), new InterruptedEnd(to, step)));

    /// <summary>Verifies that one end has the pools, or none, and draws from it.</summary>
    /// <returns>What the source has; null if it has moved.</returns>
    private static async Task<List<string>?> AssertOneEndAsync(
        Func<Task<IPoolStore>> openSource, Func<Task<IPoolStore>> openTarget, string step)
    {
        var hasMoved = Array.IndexOf(InterruptedEnd.Steps, step) >= Array.IndexOf(InterruptedEnd.Steps, InterruptedEnd.Moved);
        if (hasMoved)
            Assert.Contains("has moved its pools to", await ClosedAsync(openSource));
        // A target that was only opened is an empty database like any other.
        if (step is not ("opened" or "finished"))
            Assert.Contains("holds a transfer that was not finished", await ClosedAsync(openTarget));

        if (hasMoved)
            return null;
        await using var source = await openSource();
        var outcomes = new DrawOutcome[1];
        await source.CommitAsync(new[] { new DrawRequest("open", 11, "after") }, outcomes);
        Assert.Equal(11, outcomes[0].Count);
        return await SampleStore.ReadAsync(source);
    }

    private static async Task AssertMovedAsync(
        List<string>? before, Func<Task<IPoolStore>> openSource, Func<Task<IPoolStore>> openTarget)
    {
        Assert.Contains("has moved its pools to", await ClosedAsync(openSource));
        await using var target = await openTarget();
        if (before is not null)
            Assert.Equal(before, await SampleStore.ReadAsync(target));
        await SampleStore.AssertReplaysAsync(target);
        await SampleStore.AssertContinuesAsync(target);
    }

    private sealed class CancelAtHalf(CancellationTokenSource stop) : IProgress<double>
    {
        public void Report(double value)
        {
            if (value > 0.3)
                stop.Cancel();
        }
    }
}
