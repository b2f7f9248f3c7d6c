namespace UniqueRandom.Benchmarks.Http;

/// <summary>
/// What was found with PostgreSQL; nothing where it is not installed. All series have a value for each turn, so that a ratio is one of the
/// same turn.
/// </summary>
internal sealed class PostgresResults
{
    public static readonly int[] Connections = [64, 256];

    public const int SqliteConnections = 256;

    /// <summary>The clients of pgbench: as many as there are connections in the comparison, and as many as serve the rivals best.</summary>
    public static readonly int[] Clients = [64, 8];

    /// <summary>The numbers of the pool in PostgreSQL: more than are drawn in all rounds.</summary>
    public const int PoolSize = 20_000_000;

    /// <summary>The server as it describes itself; null when there was none.</summary>
    public PostgresDescription? Server { get; set; }

    public Dictionary<int, LoadSeries> OneNode { get; } = Connections.ToDictionary(connections => connections, _ => new LoadSeries());

    public Dictionary<int, LoadSeries> TwoNodes { get; } = Connections.ToDictionary(connections => connections, _ => new LoadSeries());

    /// <summary>The SQLite store, in the same rounds.</summary>
    public LoadSeries Sqlite { get; } = new();

    /// <summary>Draws a second of <see cref="PgbenchRival.Counter"/> by clients.</summary>
    public Dictionary<int, Series> Counter { get; } = Clients.ToDictionary(clients => clients, _ => new Series());

    /// <summary>Draws a second of <see cref="PgbenchRival.Rows"/> by clients.</summary>
    public Dictionary<int, Series> Rows { get; } = Clients.ToDictionary(clients => clients, _ => new Series());
}
