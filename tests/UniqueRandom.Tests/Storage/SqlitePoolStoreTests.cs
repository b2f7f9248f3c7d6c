using Microsoft.Data.Sqlite;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Sqlite;

namespace UniqueRandom.Tests.Storage;

public sealed class SqlitePoolStoreTests : PoolStoreContract
{
    private readonly TemporaryDirectory directory = new();

    protected override IPoolStore Connect() => new SqlitePoolStore(directory.Database, Time);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task Unlabelled_neighbours_within_a_second_share_a_row_and_labelled_draws_have_their_own()
    {
        await CreateAsync(Hundred);
        await CommitAsync([new("hundred"), new("hundred", 2)]);
        Time.Advance(TimeSpan.FromMilliseconds(999));
        await CommitAsync([new("hundred"), new("hundred", 5, "order-1"), new("hundred", 5, "order-1"), new("hundred")]);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        await CommitAsync([new("hundred", 3)]);
        Time.Advance(TimeSpan.FromSeconds(1));
        await CommitAsync([new("hundred")]);

        Assert.Equal(
            [(0, 4, null), (4, 5, "order-1"), (9, 5, "order-1"), (14, 4, null), (18, 1, null)],
            await ReadLogAsync());
    }

    [Fact]
    public async Task The_log_exactly_covers_what_was_drawn_whatever_was_drawn()
    {
        await CreateAsync(new PoolDefinition("p", new PoolRange(1, 5000)));
        var random = new Random(4711);
        for (var batch = 0; batch < 200; batch++)
        {
            var requests = Enumerable.Range(0, random.Next(1, 10))
                .Select(_ => new DrawRequest("p", random.Next(1, 9), random.Next(3) == 0 ? "label" : null));
            await CommitAsync([.. requests]);
            Time.Advance(TimeSpan.FromMilliseconds(random.Next(700)));
        }

        var end = 0;
        foreach (var (first, count, _) in await ReadLogAsync())
        {
            Assert.Equal(end, first);
            end += count;
        }

        await ReopenAsync();
        Assert.Equal(DrawOutcomeKind.Drawn, (await DrawAsync(new DrawRequest("p", 5000 - end))).Kind);
    }

    [Fact]
    public async Task A_store_that_is_open_keeps_a_second_one_out()
    {
        await using var second = Connect();
        var error = await Assert.ThrowsAsync<StoreRefusedException>(() => second.OpenAsync(null, Cancellation).AsTask());
        Assert.Contains(directory.Database, error.Message, StringComparison.Ordinal);
        Assert.Contains("in use by another process", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_file_by_another_name_is_kept_out_too()
    {
        var link = Path.Combine(directory.Path, "link.db");
        File.CreateSymbolicLink(link, directory.Database);
        await using var second = new SqlitePoolStore(link, Time);
        var error = await Assert.ThrowsAsync<StoreRefusedException>(() => second.OpenAsync(null, Cancellation).AsTask());
        Assert.Contains("in use by another process", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clean_close_leaves_the_database_alone_in_its_directory()
    {
        await CreateAsync(Hundred);
        await DrawAsync(new DrawRequest("hundred"));
        await DisposeStoreAsync();
        Assert.Equal(["numbers.db"], Directory.EnumerateFiles(directory.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_database_that_was_moved_away_is_not_drawn_from_any_more()
    {
        await CreateAsync(Hundred);
        File.Move(directory.Database, directory.Database + ".old");
        var error = await Assert.ThrowsAsync<StoreException>(() => DrawAsync(new DrawRequest("hundred")));
        Assert.Equal(StoreFault.Fatal, error.Fault);
        File.Move(directory.Database + ".old", directory.Database);
    }

    [Fact]
    public async Task A_copy_of_an_open_database_without_its_log_is_refused()
    {
        await CreateAsync(Hundred);
        await DrawAsync(new DrawRequest("hundred", 3));
        // As a backup program would: the bytes of the database only. (Another process, because a descriptor closed in this one drops SQLite's locks.)
        var copy = Path.Combine(directory.Path, "copy.db");
        await System.Diagnostics.Process.Start("cp", [directory.Database, copy]).WaitForExitAsync(Cancellation);

        await using var second = new SqlitePoolStore(copy, Time);
        var error = await Assert.ThrowsAsync<StoreRefusedException>(() => second.OpenAsync(null, Cancellation).AsTask());
        Assert.Contains("copy.db-wal' is missing", error.Message, StringComparison.Ordinal);
    }

    private async Task DisposeStoreAsync()
    {
        await ReopenAsync();
        await base.DisposeAsync();
    }

    private async Task<List<(int First, int Count, string? Reference)>> ReadLogAsync()
    {
        await DisposeStoreAsync();
        await using var connection = new SqliteConnection($"Data Source={directory.Database};Pooling=False");
        connection.Open();
        await using var command = new SqliteCommand("SELECT first, count, reference FROM draw ORDER BY first", connection);
        await using var row = command.ExecuteReader();
        var rows = new List<(int, int, string?)>();
        while (row.Read())
            rows.Add((row.GetInt32(0), row.GetInt32(1), row.IsDBNull(2) ? null : row.GetString(2)));
        return rows;
    }
}
