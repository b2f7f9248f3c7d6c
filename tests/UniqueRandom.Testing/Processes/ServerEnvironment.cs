using System.Runtime.InteropServices;

namespace UniqueRandom.Testing.Processes;

/// <summary>The environment variables of a server process.</summary>
internal static class ServerEnvironment
{
    /// <summary>Removes settings that must not reach the server, and selects the runtime of this process.</summary>
    public static void Prepare(IDictionary<string, string?> environment)
    {
        foreach (var name in environment.Keys.Where(IsSetting).ToArray())
            environment.Remove(name);
        environment["DOTNET_ROOT"] = Path.GetFullPath(
            Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
    }

    private static bool IsSetting(string name) => name.StartsWith("UniqueRandom__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Serilog__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Kestrel__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("AllowedHosts", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Urls", StringComparison.OrdinalIgnoreCase)
        || name is "UNIQUERANDOM_URL" or "UNIQUERANDOM_KEY"
        || name is "CREDENTIALS_DIRECTORY" or "NOTIFY_SOCKET" or "WATCHDOG_USEC" or "WATCHDOG_PID" or "JOURNAL_STREAM";
}
