using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Storage.Tests.Sqlite;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Upgrades;

namespace UniqueRandom.Storage.Tests.Marks;

/// <summary>Old copies of a database: each is refused, and each way out repeats no number.</summary>
public sealed class RestoredDatabaseTests : IDisposable
{
    private const int Size = 20_000;

    private readonly TemporaryDirectory directory = new();
    private readonly HashSet<long> drawn = [];

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    private string Copy => directory.File("copy");

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(5000)]
    public async Task An_old_copy_is_refused_until_it_resumes_behind_the_ceiling(int lost)
    {
        await DrawAsync(10);
        await RestoreAfterAsync(lost);

        Assert.Contains($"the pool 'p' is {lost} numbers behind (10 of {10 + lost})", await RefusedAsync());
        await DrawAsync(20, ResumeAfterRestore.Parse(""));

        var (cursor, log) = await ReadAsync();
        Assert.Equal(30 + lost, cursor);
        Assert.Equal(
            [(0, 10, null), (10, lost, Reference.SkippedAfterRestore), (10 + lost, 20, null)],
            log.Select(row => (row.First, row.Count, row.Reference)));
        // The switch has no effect any more, so that it can stay for a while.
        await DrawAsync(5, ResumeAfterRestore.Parse(""));
        Assert.Equal(35 + lost, (await ReadAsync()).Cursor);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_computed_order_resumes_behind_what_the_operator_names(bool isNumber)
    {
        var pool = new PoolDefinition("computed", new PoolRange(1, long.MaxValue), PoolOrder.Computed);
        var seed = Seed.Generate();
        var expected = new long[20];
        new ComputedNumbers(pool.Range, seed).CopyNumbers(0, expected);
        Assert.Equal(expected[..10], await DrawComputedAsync(10, null));
        File.Copy(directory.Database, Copy);
        Assert.Equal(expected[10..15], await DrawComputedAsync(5, null));
        File.Move(Copy, directory.Database, overwrite: true);
        File.Delete(directory.Mark);

        Assert.Contains("is missing", await RefusedAsync());
        var resume = ResumeAfterRestore.Parse(isNumber ? $"computed=number:{expected[14]}" : "computed=15");
        Assert.Equal(expected[15..], await DrawComputedAsync(5, resume));
        Assert.Equal(20, Assert.Single(SqliteCheck.Run(directory.Database, null, CancellationToken)).Drawn);

        async Task<long[]> DrawComputedAsync(int count, ResumeAfterRestore? resumed)
        {
            await using var store = new SqlitePoolStore(
                directory.Database, TimeProvider.System, new MarkOptions { Resume = resumed });
            await store.OpenAsync(null, CancellationToken);
            await store.CreateAsync(pool, seed, CancellationToken);
            return await store.DrawNumbersAsync(new DrawRequest("computed", count));
        }
    }

    [Fact]
    public async Task A_copy_from_before_the_upgrade_is_refused()
    {
        await DrawAsync(10);
        SqliteDatabase.Execute(directory.Database, OlderSchema.SqliteThree);
        File.Delete(directory.Mark);
        await RestoreAfterAsync(30);

        Assert.Contains("the pool 'p' is 30 numbers behind (10 of 40)", await RefusedAsync());
        await DrawAsync(1, ResumeAfterRestore.Parse(""));
        Assert.Equal(41, (await ReadAsync()).Cursor);
    }

    [Fact]
    public async Task A_pool_that_the_copy_lacks_is_named()
    {
        await DrawAsync(10);
        File.Copy(directory.Database, Copy);
        await DrawAsync(3, pool: "later");
        File.Move(Copy, directory.Database, overwrite: true);

        Assert.Contains("the pool 'later' is missing", await RefusedAsync());
        await DrawAsync(1, ResumeAfterRestore.Parse(""));
        await DrawAsync(1);
    }

    [Fact]
    public async Task Without_a_mark_the_operator_says_how_many_were_drawn()
    {
        await DrawAsync(10);
        await RestoreAfterAsync(30);
        File.Delete(directory.Mark);

        Assert.Contains($"The mark '{directory.Mark}'", await RefusedAsync());
        Assert.Contains("p=COUNT", await RefusedAsync(ResumeAfterRestore.Parse("")));
        Assert.Contains("must be at least 10", await RefusedAsync(ResumeAfterRestore.Parse("p=9")));
        Assert.Contains("'other'", await RefusedAsync(ResumeAfterRestore.Parse("p=40,other=1")));
        await DrawAsync(7, ResumeAfterRestore.Parse("p=40"));

        Assert.Equal(47, (await ReadAsync()).Cursor);
        await DrawAsync(1);
    }

    [Fact]
    public async Task The_last_number_says_how_many_were_drawn()
    {
        await DrawAsync(10);
        File.Copy(directory.Database, Copy);
        await DrawAsync(29);
        var last = (await DrawAsync(1))[0];
        File.Move(Copy, directory.Database, overwrite: true);
        File.Delete(directory.Mark);

        Assert.Contains("1..20000", await RefusedAsync(ResumeAfterRestore.Parse("p=number:0")));
        await DrawAsync(7, ResumeAfterRestore.Parse($"p=number:{last}"));

        Assert.Equal(47, (await ReadAsync()).Cursor);
    }

    [Fact]
    public async Task A_mark_that_is_older_than_the_database_does_not_say_enough()
    {
        await DrawAsync(10);
        File.Copy(directory.Mark, Copy);
        await DrawAsync(30);
        File.Move(Copy, directory.Mark, overwrite: true);

        Assert.Contains("is older than the database", await RefusedAsync());
        Assert.Contains("p=COUNT", await RefusedAsync(ResumeAfterRestore.Parse("")));
        await DrawAsync(7, ResumeAfterRestore.Parse("p=50"));
        Assert.Equal(57, (await ReadAsync()).Cursor);
    }

    [Fact]
    public async Task The_mark_of_another_database_is_refused_and_kept()
    {
        await DrawAsync(10);
        File.Copy(directory.Mark, Copy);
        File.Delete(directory.Database);
        Assert.Contains("is missing, and its mark", await RefusedAsync());
        File.Delete(directory.Mark);
        drawn.Clear();
        await DrawAsync(1);
        File.Move(Copy, directory.Mark, overwrite: true);

        Assert.Contains("belongs to another database", await RefusedAsync());
        Assert.Contains("belongs to another database", await RefusedAsync(ResumeAfterRestore.Parse("p=50")));
    }

    [Fact]
    public async Task A_seeded_database_that_nothing_was_drawn_from_can_be_copied_without_its_mark()
    {
        await DrawAsync(0);
        File.Delete(directory.Mark);
        await DrawAsync(3);
        Assert.True(File.Exists(directory.Mark));
    }

    [Fact]
    public async Task A_mark_that_is_replaced_while_it_is_open_stops_the_draws()
    {
        await using var store = await OpenAsync(new SqlitePoolStore(directory.Database, TimeProvider.System), "p");
        await DrawAsync(store, "p", 10);
        File.Copy(directory.Mark, Copy);
        File.Move(Copy, directory.Mark, overwrite: true);

        StoreException? failure = null;
        for (var i = 0; failure is null; i++)
        {
            Assert.InRange(i, 0, Size / 100);
            try
            {
                await DrawAsync(store, "p", 100);
            }
            catch (StoreException error)
            {
                failure = error;
            }
        }

        Assert.Equal(StoreFault.Fatal, failure.Fault);
        Assert.Contains("moved, replaced or removed", failure.Message);
    }

    /// <summary>As after a crash between the two: the draw must not be stored without the ceiling that covers it.</summary>
    [Fact]
    public async Task A_ceiling_that_can_not_be_raised_leaves_the_database_below_the_mark()
    {
        await DrawAsync(10);
        await using (var store = await OpenAsync(new SqlitePoolStore(directory.Database, TimeProvider.System), "p"))
        {
            File.Move(directory.Mark, Copy);
            await Assert.ThrowsAsync<StoreException>(() => DrawAsync(store, "p", 500));
        }

        File.Move(Copy, directory.Mark);
        await DrawAsync(20);
        Assert.Equal(30, (await ReadAsync()).Cursor);
    }

    [Theory]
    [InlineData("default=523000", true)]
    [InlineData("default=523000,raffle=number:-48213", true)]
    [InlineData("", true)]
    [InlineData("default", false)]
    [InlineData("default=", false)]
    [InlineData("default=-1", false)]
    [InlineData("default=1,default=2", false)]
    [InlineData("Default=1", false)]
    [InlineData("default=number:", false)]
    [InlineData("default=9223372036854775808", false)]
    public void A_value_of_the_switch_is_parsed(string text, bool isValid) =>
        Assert.Equal(isValid, ResumeAfterRestore.Parse(text) is not null);

    /// <summary>Copies the database, draws, and puts the copy back.</summary>
    private async Task RestoreAfterAsync(int lost)
    {
        File.Copy(directory.Database, Copy);
        await DrawAsync(lost);
        File.Move(Copy, directory.Database, overwrite: true);
    }

    private async Task<string> RefusedAsync(ResumeAfterRestore? resume = null)
    {
        var before = directory.Contents();
        await using var store = new SqlitePoolStore(
            directory.Database, TimeProvider.System, new MarkOptions { Resume = resume });
        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => store.OpenAsync(null, CancellationToken).AsTask());
        Assert.Equal(before, directory.Contents());
        return refusal.Message;
    }

    private async Task<long[]> DrawAsync(int count, ResumeAfterRestore? resume = null, string pool = "p")
    {
        await using var store = new SqlitePoolStore(
            directory.Database, TimeProvider.System, new MarkOptions { Resume = resume });
        return await DrawAsync(await OpenAsync(store, pool), pool, count);
    }

    private static async Task<SqlitePoolStore> OpenAsync(SqlitePoolStore store, string pool)
    {
        await store.OpenAsync(null, CancellationToken);
        var definition = new PoolDefinition(pool, new PoolRange(1, Size));
        await store.CreateAndSeedAsync(definition, Seed.Generate(), null, CancellationToken);
        return store;
    }

    /// <summary>Draws, and verifies that no number was drawn before.</summary>
    private async Task<long[]> DrawAsync(SqlitePoolStore store, string pool, int count)
    {
        if (count == 0)
            return [];
        var numbers = await store.DrawNumbersAsync(new DrawRequest(pool, count));
        if (pool == "p")
            Assert.All(numbers, number => Assert.True(drawn.Add(number), $"{number} was drawn before."));
        return numbers;
    }

    private async Task<(long Cursor, IReadOnlyList<DrawLogRow> Log)> ReadAsync()
    {
        await using var store = new SqlitePoolStore(directory.Database, TimeProvider.System);
        await store.OpenAsync(null, CancellationToken);
        var pool = await store.FindAsync("p", CancellationToken);
        return (pool!.Cursor, await store.ReadLogAsync("p", 0, 100, CancellationToken));
    }
}
