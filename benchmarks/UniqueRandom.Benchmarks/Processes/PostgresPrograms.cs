using System.Globalization;
using CliWrap.Exceptions;

namespace UniqueRandom.Benchmarks.Processes;

/// <summary>The programs of an installed PostgreSQL. initdb refuses root, so root runs them as the user of the package.</summary>
internal static class PostgresPrograms
{
    public const string User = "postgres";

    private const string Versions = "/usr/lib/postgresql";

    private static readonly string? Bin = Find();

    /// <summary>Whether PostgreSQL is installed and its user can enter a directory. Below the home of root it can't.</summary>
    public static async Task<bool> CanUseAsync(string directory, CancellationToken cancellationToken)
    {
        try
        {
            return Bin is not null && await RunAsync("/usr/bin/test", ["-x", directory], cancellationToken) is "";
        }
        catch (CommandExecutionException)
        {
            return false;
        }
    }

    /// <summary>Runs one of the programs, and returns its output.</summary>
    public static Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Bin!, program);
        return Environment.IsPrivilegedProcess
            ? Programs.RunAsync("runuser", ["-u", User, "--", path, .. arguments], cancellationToken)
            : Programs.RunAsync(path, arguments, cancellationToken);
    }

    // Debian keeps the programs outside of PATH, in a directory for each version. The newest one is used.
    private static string? Find()
    {
        var packaged = (Directory.Exists(Versions) ? Directory.GetDirectories(Versions) : []).OrderByDescending(ParseVersion);
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return packaged.Select(version => Path.Combine(version, "bin")).Concat(path)
            .FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")) && File.Exists(Path.Combine(bin, "pgbench")));
    }

    private static double ParseVersion(string directory) =>
        double.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var version) ? version : 0;
}
