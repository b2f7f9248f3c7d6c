using Npgsql;

namespace UniqueRandom.Testing.Postgres;

/// <summary>
/// An empty database for one test on the shared server, dropped afterwards with its connections.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string server;

    private TestDatabase(string server, string name)
    {
        (this.server, Name) = (server, name);
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
    }

    public string Name { get; }

    public string ConnectionString { get; }

    /// <summary>The switches of a new node, which stores its pools in the database.</summary>
    public string[] Switches => SwitchesOfNode(ConnectionString);

    /// <summary>The switches of a server that stores its pools in a PostgreSQL database.</summary>
    public static string[] SwitchesOf(string connectionString) =>
        ["--store", "postgres", "--connection-string", connectionString];

    /// <summary>The switches of a new node, which may run in the directory of another one.</summary>
    public static string[] SwitchesOfNode(string connectionString) =>
        [.. SwitchesOf(connectionString), "--mark", $"{Guid.NewGuid():n}.mark"];

    /// <summary>Creates a database on the server of a connection string.</summary>
    public static async Task<TestDatabase> CreateAsync(string server)
    {
        var database = new TestDatabase(server, $"unique_random_{Guid.NewGuid():n}");
        await PostgresSql.ExecuteAsync(server, $"CREATE DATABASE {database.Name} TEMPLATE template0");
        return database;
    }

    public Task ExecuteAsync(string sql) => PostgresSql.ExecuteAsync(ConnectionString, sql);

    public Task<T?> ScalarAsync<T>(string sql) => PostgresSql.ScalarAsync<T>(ConnectionString, sql);

    public async ValueTask DisposeAsync() =>
        await PostgresSql.ExecuteAsync(server, $"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
}
