namespace UniqueRandom.Testing.Postgres;

/// <summary>
/// The PostgreSQL server that tests share, each with its own database. Started by the first test that needs it, and removed after
/// the last test.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Variable = "UNIQUERANDOM_TEST_POSTGRES";

    private readonly Lazy<Task<PostgresInstance>> instance = new(() => PostgresInstance.CreateAsync("shared"));

    /// <summary>Creates a database. Skips the test if no server is available.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
            return await TestDatabase.CreateAsync(given);

        Assert.SkipUnless(
            PostgresPrograms.AreInstalled,
            $"Set {Variable} to a connection string of a PostgreSQL server, or {PostgresPrograms.Advice}");
        return await TestDatabase.CreateAsync((await instance.Value).ConnectionString());
    }

    public async ValueTask DisposeAsync()
    {
        if (instance.IsValueCreated && !instance.Value.IsFaulted)
            await (await instance.Value).DisposeAsync();
    }
}
