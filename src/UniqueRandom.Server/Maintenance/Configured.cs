using UniqueRandom.Server.Configuration;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Maintenance;

/// <summary>Reads what the server has configured in this directory and environment, for what the command line omits.</summary>
internal static class Configured
{
    /// <exception cref="StoreRefusedException">A setting is not valid.</exception>
    public static T Read<T>(Func<Settings, T> read)
    {
        try
        {
            var configuration = new ConfigurationManager();
            configuration.AddSettings(new Dictionary<string, string?>());
            return read(new Settings(configuration));
        }
        catch (StartException error)
        {
            throw new StoreRefusedException(error.Message, error);
        }
    }

    /// <summary>Returns the path of the SQLite database.</summary>
    public static string Database(string? named) => named ?? Read(settings => settings.Text("Database", "numbers.db"));
}
