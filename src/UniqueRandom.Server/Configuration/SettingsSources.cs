namespace UniqueRandom.Server.Configuration;

/// <summary>The sources of the settings. Nothing is watched for changes.</summary>
internal static class SettingsSources
{
    private const string SettingsFile = "appsettings.json";

    /// <summary>The prefix of the environment variables of ASP.NET Core, which is no part of a setting.</summary>
    private const string Prefix = "ASPNETCORE_";

    /// <summary>The variable with which systemd names the directory of a service's credentials.</summary>
    private const string CredentialsVariable = "CREDENTIALS_DIRECTORY";

    /// <summary>Adds all sources; each has precedence over those before it.</summary>
    /// <exception cref="StartException">A source can't be read.</exception>
    public static void AddSettings(this IConfigurationBuilder configuration, IReadOnlyDictionary<string, string?> switches)
    {
        try
        {
            AddDefaults(configuration);
            configuration.AddJsonFile(
                Path.Combine(Environment.CurrentDirectory, SettingsFile), optional: true, reloadOnChange: false);
        }
        catch (InvalidDataException error)
        {
            throw new StartException($"{error.Message} {error.GetBaseException().Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"Can't read {SettingsFile}: {error.Message}", error);
        }

        AddCredentials(configuration);
        configuration.AddEnvironmentVariables().AddEnvironmentVariables(Prefix).AddInMemoryCollection(switches);
    }

    /// <summary>Adds the settings beside the program; without them, those that are in it.</summary>
    private static void AddDefaults(IConfigurationBuilder configuration)
    {
        var file = Path.Combine(AppContext.BaseDirectory, SettingsFile);
        if (File.Exists(file))
            configuration.AddJsonFile(file, optional: false, reloadOnChange: false);
        else
            configuration.AddJsonStream(typeof(SettingsSources).Assembly.GetManifestResourceStream(SettingsFile)!);
    }

    /// <summary>Adds a directory with a file for each setting, which is named like the environment variable.</summary>
    private static void AddCredentials(IConfigurationBuilder configuration)
    {
        if (Environment.GetEnvironmentVariable(CredentialsVariable) is not { Length: > 0 } directory)
            return;
        try
        {
            var files = new ConfigurationBuilder()
                .AddKeyPerFile(Path.GetFullPath(directory), optional: false, reloadOnChange: false).Build();
            configuration.AddConfiguration(files).AddInMemoryCollection(
                from file in files.AsEnumerable()
                where file.Value is not null && file.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
                select KeyValuePair.Create(file.Key[Prefix.Length..], file.Value));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartException(
                $"Can't read the credentials in {directory} ({CredentialsVariable}): {error.Message}", error);
        }
    }
}
