using CliWrap.Exceptions;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Testing.Postgres;

/// <summary>The programs of a PostgreSQL that is installed on this machine.</summary>
internal static class PostgresPrograms
{
    public const string Advice = "install PostgreSQL, e.g. apt-get install postgresql.";

    private static readonly string? Directory = Find();

    public static bool AreInstalled => Directory is not null;

    /// <summary>PostgreSQL refuses to run as root; root runs it as the user that its package has created.</summary>
    public static Task<string> RunAsync(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? Command.RunAsync("runuser", ["-u", "postgres", "--", PathOf(program), .. arguments])
        : Command.RunAsync(PathOf(program), arguments);

    /// <summary>Whether PostgreSQL is installed and its user can write to a directory. Root lets all users write there.</summary>
    public static async Task<bool> CanWriteAsync(string directory)
    {
        if (Environment.IsPrivilegedProcess)
            await Command.RunAsync("chmod", "a+rwx", directory);
        try
        {
            return AreInstalled && await RunAsync("/usr/bin/test", "-w", directory, "-a", "-x", directory) is "";
        }
        catch (CommandExecutionException)
        {
            return false;
        }
    }

    private static string PathOf(string program) =>
        Path.Combine(Directory ?? throw new InvalidOperationException("PostgreSQL is not installed."), program);

    private static string? Find()
    {
        if (Environment.IsPrivilegedProcess && !HasUser())
            return null;
        return Candidates().FirstOrDefault(
            directory => File.Exists(Path.Combine(directory, "initdb")) && File.Exists(Path.Combine(directory, "pg_basebackup")));
    }

    private static bool HasUser() => File.Exists("/etc/passwd")
        && File.ReadLines("/etc/passwd").Any(user => user.StartsWith("postgres:", StringComparison.Ordinal));

    private static IEnumerable<string> Candidates() =>
    [
        .. Versions("/usr/lib/postgresql", "*"),
        "/usr/local/pgsql/bin",
        .. Versions("/opt/homebrew/opt", "postgresql@*"),
        .. Versions("/usr/local/opt", "postgresql@*"),
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
    ];

    /// <summary>The newest first.</summary>
    private static IEnumerable<string> Versions(string parent, string pattern) => System.IO.Directory.Exists(parent)
        ? System.IO.Directory.EnumerateDirectories(parent, pattern)
            .OrderByDescending(version => int.TryParse(Path.GetFileName(version).Split('@')[^1], out var number) ? number : 0)
            .Select(version => Path.Combine(version, "bin"))
        : [];
}
