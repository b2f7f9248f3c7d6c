using UniqueRandom.Storage.Marks;
using UniqueRandom.Storage.Postgres;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Storage.Transfers;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Storage.Tests.Transfers;

/// <summary>Base class of tests with a SQLite file and an empty PostgreSQL database as the ends of transfers.</summary>
public abstract class TransferTestBase(PostgresServer server) : IAsyncLifetime
{
    private protected readonly TemporaryDirectory directory = new();

    protected static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    protected TestDatabase Database { get; private set; } = null!;

    private protected TransferEnd Sqlite => SqliteEnd(directory.Database);

    private protected TransferEnd Postgres => PostgresEnd();

    public async ValueTask InitializeAsync() => Database = await server.CreateDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        directory.Dispose();
        if (Database is not null)
            await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected static TransferEnd SqliteEnd(string path) => TransferEnd.Sqlite(path, mark: null);

    private protected TransferEnd PostgresEnd(params string[] marks) => PostgresEnd(Database, marks);

    private protected static TransferEnd PostgresEnd(TestDatabase database, params string[] marks) =>
        TransferEnd.Postgres(new PostgresOptions { ConnectionString = database.ConnectionString }, marks);

    private protected static Task<TransferSummary> RunAsync(TransferEnd from, TransferEnd to) =>
        Transfer.RunAsync(from, to, TimeProvider.System, progress: null, CancellationToken);

    private protected static async Task<string> RefusedAsync(TransferEnd from, TransferEnd to) =>
        (await Assert.ThrowsAsync<StoreRefusedException>(() => RunAsync(from, to))).Message;

    private protected Task<IPoolStore> OpenSqliteAsync(string? path = null, ResumeAfterRestore? resume = null) => OpenAsync(
        new SqlitePoolStore(path ?? directory.Database, TimeProvider.System, new MarkOptions { Resume = resume }));

    private protected Task<IPoolStore> OpenPostgresAsync(string? mark = null) => OpenAsync(CreatePostgres(mark));

    private protected PostgresPoolStore CreatePostgres(string? mark = null) => new(
        new PostgresOptions
        {
            ConnectionString = Database.ConnectionString,
            Mark = mark is null ? null : new MarkOptions { Path = directory.File(mark) },
        },
        TimeProvider.System);

    /// <summary>Verifies that a store does not open, and returns why.</summary>
    private protected static async Task<string> ClosedAsync(Func<Task<IPoolStore>> openAsync) =>
        (await Assert.ThrowsAsync<StoreRefusedException>(openAsync)).Message;

    private static async Task<IPoolStore> OpenAsync(IPoolStore store)
    {
        try
        {
            await store.OpenAsync(null, CancellationToken);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }
}
