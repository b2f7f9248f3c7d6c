using System.Globalization;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>The programs of an installed PostgreSQL. Debian has those of the server outside of PATH, one directory for each version.</summary>
internal sealed class PostgresPrograms
{
    /// <summary>Who owns the files of a server when root starts it: initdb refuses root, so the user of the package does it.</summary>
    public const string Owner = "postgres";

    private const string Versions = "/usr/lib/postgresql";

    private static readonly string[] Needed = ["initdb", "pg_ctl", "psql", "pgbench"];

    private readonly string directory;

    private PostgresPrograms(string directory) => this.directory = directory;

    public static bool NeedsOwner => Environment.IsPrivilegedProcess;

    /// <summary>The newest there is; null when there is none.</summary>
    public static PostgresPrograms? Find()
    {
        IEnumerable<string> packaged = Directory.Exists(Versions) ? Directory.EnumerateDirectories(Versions).OrderByDescending(Version) : [];
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return packaged.Select(version => Path.Combine(version, "bin"))
            .Concat(path.Split(':', StringSplitOptions.RemoveEmptyEntries))
            .Where(candidate => Needed.All(program => File.Exists(Path.Combine(candidate, program))))
            .Select(candidate => new PostgresPrograms(candidate))
            .FirstOrDefault();
    }

    /// <summary>Whether the owner of a server's files can have some below a directory; not so below the home of root, for one.</summary>
    public async Task<bool> OwnerReachesAsync(string directory, CancellationToken cancellation)
    {
        if (!NeedsOwner)
            return true;
        try
        {
            _ = await Programs.RunAsync("runuser", ["-u", Owner, "--", "test", "-x", directory], cancellation);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Runs a client.</summary>
    public Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellation) =>
        Programs.RunAsync(Path.Combine(directory, program), arguments, cancellation);

    /// <summary>
    /// Runs what touches the files of a server, as their owner. To its end, for it is short: a runuser that is killed leaves its child behind.
    /// </summary>
    public Task<string> RunAsOwnerAsync(string program, params IEnumerable<string> arguments) => NeedsOwner
        ? Programs.RunAsync("runuser", ["-u", Owner, "--", Path.Combine(directory, program), .. arguments], CancellationToken.None)
        : RunAsync(program, arguments, CancellationToken.None);

    private static double Version(string directory) =>
        double.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var version) ? version : 0;
}
