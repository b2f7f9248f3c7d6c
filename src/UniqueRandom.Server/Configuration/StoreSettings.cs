using UniqueRandom.Stores;
using UniqueRandom.Storage.Postgres;
using UniqueRandom.Storage.Sqlite;

namespace UniqueRandom.Server.Configuration;

/// <summary>The store that is configured.</summary>
/// <param name="Place">Where it is, for the operator; without secrets.</param>
/// <param name="Create">Makes it; nothing is opened.</param>
internal sealed record StoreSettings(string Place, Func<TimeProvider, IPoolStore> Create)
{
    /// <exception cref="StartException">The settings contradict each other, or name no store.</exception>
    public static StoreSettings Read(Settings settings) => settings.Text("Store", "sqlite") switch
    {
        "sqlite" => Sqlite(settings),
        "postgres" => Postgres(settings),
        _ => throw settings.Refused("Store", "must be 'sqlite' or 'postgres'"),
    };

    private static StoreSettings Sqlite(Settings settings)
    {
        settings.RefuseAnyOf("belongs to --store postgres; add that, or remove this", "ConnectionString", "RequireSyncStandby");
        var path = settings.Text("Database", "numbers.db");
        return new StoreSettings(path, time => new SqlitePoolStore(path, time));
    }

    private static StoreSettings Postgres(Settings settings)
    {
        settings.RefuseAnyOf("belongs to --store sqlite; name the database in --connection-string", "Database");
        var options = new PostgresOptions
        {
            ConnectionString = settings.Text("ConnectionString", ""),
            RequireSyncStandby = settings.Flag("RequireSyncStandby"),
        };
        try
        {
            return new StoreSettings(PostgresPoolStore.Describe(options), time => new PostgresPoolStore(options, time));
        }
        catch (StoreRefusedException error)
        {
            throw new StartException(error.Message, error);
        }
    }
}
