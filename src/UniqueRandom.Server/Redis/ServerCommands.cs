using System.Globalization;
using System.Reflection;

namespace UniqueRandom.Server.Redis;

/// <summary>The commands that describe the server.</summary>
internal static class ServerCommands
{
    /// <summary>The version of Redis whose commands are like these. Clients conclude from it what they may send.</summary>
    private const string RedisVersion = "7.2.0";

    private const string ServerName = "uniquerandom";

    private static readonly string Version =
        typeof(ServerCommands).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static void Hello(RedisConnection connection)
    {
        var writer = connection.Writer;
        writer.BeginMap(7);
        writer.WriteBulk("server");
        writer.WriteBulk(ServerName);
        writer.WriteBulk("version");
        writer.WriteBulk(RedisVersion);
        writer.WriteBulk("proto");
        writer.WriteInteger(writer.Version);
        writer.WriteBulk("id");
        writer.WriteInteger(connection.Id);
        writer.WriteBulk("mode");
        writer.WriteBulk("standalone");
        writer.WriteBulk("role");
        writer.WriteBulk("master");
        writer.WriteBulk("modules");
        writer.BeginArray(0);
    }

    public static void Info(RedisConnection connection, RespCommand command)
    {
        (string Name, string Text)[] sections =
        [
            ("Server", string.Create(
                CultureInfo.InvariantCulture,
                $"""
                redis_version:{RedisVersion}
                server_name:{ServerName}
                uniquerandom_version:{Version}
                redis_mode:standalone
                process_id:{Environment.ProcessId}
                tcp_port:{connection.LocalPort}
                """)),
            ("Replication", "role:master\nconnected_slaves:0"),
        ];
        var texts = new List<string>();
        foreach (var (name, text) in sections)
        {
            if (IsRequested(command, name))
                texts.Add($"# {name}\n{text}\n");
        }

        connection.Writer.WriteBulk(string.Join('\n', texts).ReplaceLineEndings("\r\n"));
    }

    private static bool IsRequested(RespCommand command, string section)
    {
        if (command.Count == 1)
            return true;
        for (var i = 1; i < command.Count; i++)
        {
            var name = command.Text(i);
            if (name.ToUpperInvariant() is "ALL" or "DEFAULT" or "EVERYTHING"
                || name.Equals(section, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
