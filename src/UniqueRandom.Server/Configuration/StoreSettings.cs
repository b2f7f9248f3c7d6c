using UniqueRandom.Storage.Postgres;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Configuration;

/// <summary>The configured store.</summary>
/// <param name="Place">The file or the servers, for the log; without secrets.</param>
/// <param name="Create">Creates the store without opening it.</param>
/// <param name="IsAsynchronous">Whether the store uses sockets, and not the calling thread.</param>
internal sealed record StoreSettings(string Place, Func<TimeProvider, IPoolStore> Create, bool IsAsynchronous)
{
    /// <exception cref="StartException">The settings contradict each other, or one is not valid.</exception>
    public static StoreSettings Read(Settings settings) => settings.Text("Store", "sqlite") switch
    {
        "sqlite" => Sqlite(settings),
        "postgres" => Postgres(settings),
        _ => throw settings.Refused("Store", "must be 'sqlite' or 'postgres'"),
    };

    private static StoreSettings Sqlite(Settings settings)
    {
        settings.RefuseAny("requires --store postgres; add that, or remove this", "ConnectionString", "RequireSyncStandby");
        var path = settings.Text("Database", "numbers.db");
        return new StoreSettings(path, time => new SqlitePoolStore(path, time), IsAsynchronous: false);
    }

    private static StoreSettings Postgres(Settings settings)
    {
        settings.RefuseAny("requires --store sqlite; name the database in --connection-string instead", "Database");
        var options = new PostgresOptions
        {
            ConnectionString = settings.Text("ConnectionString", ""),
            RequireSyncStandby = settings.Flag("RequireSyncStandby"),
        };
        try
        {
            return new StoreSettings(
                PostgresPoolStore.Describe(options), time => new PostgresPoolStore(options, time), IsAsynchronous: true);
        }
        catch (StoreRefusedException error)
        {
            throw new StartException(error.Message, error);
        }
    }
}
