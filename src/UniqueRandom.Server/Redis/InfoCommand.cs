using System.Globalization;
using System.Reflection;

namespace UniqueRandom.Server.Redis;

/// <summary>INFO: describes the server.</summary>
internal static class InfoCommand
{
    public const string ServerName = "uniquerandom";

    /// <summary>The version of Redis whose commands these are. Clients conclude from it what they may send.</summary>
    public const string RedisVersion = "7.2.0";

    private static readonly string[] Everything = ["all", "default", "everything"];

    private static readonly string Version =
        typeof(InfoCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static void Execute(RedisConnection connection, CommandArguments arguments)
    {
        var server = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            # Server
            redis_version:{RedisVersion}
            server_name:{ServerName}
            uniquerandom_version:{Version}
            redis_mode:standalone
            process_id:{Environment.ProcessId}
            tcp_port:{connection.LocalPort}

            """);
        const string replication = """
            # Replication
            role:master
            connected_slaves:0

            """;
        string[] sections = [.. Choose(arguments, "Server", server), .. Choose(arguments, "Replication", replication)];
        connection.Writer.WriteBulk(string.Join('\n', sections).ReplaceLineEndings("\r\n"));
    }

    private static string[] Choose(CommandArguments arguments, string section, string text)
    {
        for (var i = 1; i < arguments.Count; i++)
        {
            var name = arguments.Text(i);
            if (Everything.Append(section).Contains(name, StringComparer.OrdinalIgnoreCase))
                return [text];
        }

        return arguments.Count == 1 ? [text] : [];
    }
}
