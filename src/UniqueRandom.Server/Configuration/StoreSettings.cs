using UniqueRandom.Storage.Marks;
using UniqueRandom.Storage.Postgres;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Configuration;

/// <summary>The configured store.</summary>
/// <param name="Place">The file or the servers, for the log; without secrets.</param>
/// <param name="Create">Creates the store without opening it.</param>
/// <param name="IsAsynchronous">Whether the store uses sockets, and not the calling thread.</param>
/// <param name="ResumesAfterRestore">Whether a restored database may give up numbers.</param>
internal sealed record StoreSettings(
    string Place, Func<TimeProvider, IPoolStore> Create, bool IsAsynchronous, bool ResumesAfterRestore)
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
        var mark = Mark(settings);
        return new StoreSettings(
            path, time => new SqlitePoolStore(path, time, mark), IsAsynchronous: false, mark.Resume is not null);
    }

    private static MarkOptions Mark(Settings settings) => new()
    {
        Path = settings.OptionalText("Mark"),
        Resume = Resume(settings),
    };

    private static ResumeAfterRestore? Resume(Settings settings)
    {
        const string key = "ResumeAfterRestore";
        if (settings.OptionalText(key) is not { } text || text.Equals(bool.FalseString, StringComparison.OrdinalIgnoreCase))
            return null;
        // A switch without a value, or true in a variable.
        var points = text.Equals(bool.TrueString, StringComparison.OrdinalIgnoreCase) ? "" : text;
        return ResumeAfterRestore.Parse(points)
            ?? throw settings.Refused(key, "must be POOL=COUNT or POOL=number:NUMBER, separated by commas, or nothing");
    }

    private static StoreSettings Postgres(Settings settings)
    {
        settings.RefuseAny("requires --store sqlite; name the database in --connection-string instead", "Database");
        settings.RefuseAny("requires --store sqlite; back up PostgreSQL with its own programs", "BackupDirectory");
        var options = new PostgresOptions
        {
            ConnectionString = settings.Text("ConnectionString", ""),
            RequireSyncStandby = settings.Flag("RequireSyncStandby"),
            Mark = Mark(settings),
        };
        try
        {
            return new StoreSettings(
                PostgresPoolStore.Describe(options),
                time => new PostgresPoolStore(options, time),
                IsAsynchronous: true,
                options.Mark.Resume is not null);
        }
        catch (StoreRefusedException error)
        {
            throw new StartException(error.Message, error);
        }
    }
}
