using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using UniqueRandom.Failover.Tests.Rounds;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Failover.Tests.Cluster;

/// <summary>Runs <c>scripts/cluster/cluster.sh</c> for a directory that is removed with the cluster.</summary>
internal sealed class ClusterScript : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Script = Path.GetFullPath(Path.Combine(Source(), "../../../scripts/cluster/cluster.sh"));

    private readonly TemporaryDirectory directory = new();
    private readonly Process guard;

    /// <summary>Skips the test where a program of the cluster is missing.</summary>
    public ClusterScript()
    {
        string[] programs = ["etcd", "patroni", "patronictl", "pgbouncer", "haproxy", "curl"];
        var missing = programs.Where(program => !IsInstalled(program)).ToArray();
        Assert.SkipUnless(PostgresPrograms.AreInstalled, $"To run this test, {PostgresPrograms.Advice}");
        Assert.SkipUnless(
            missing.Length == 0,
            $"{string.Join(", ", missing)} not installed (apt-get install patroni etcd-server haproxy pgbouncer curl).");
        // Stops the cluster when this process ends in any way: the kernel then closes the guard's input.
        const string Guard = "trap '' HUP INT TERM; cat >/dev/null; bash \"$1\" down \"$2\"";
        guard = Process.Start(new ProcessStartInfo("bash", ["-c", Guard, "bash", Script, directory.Path])
        {
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        })!;
    }

    /// <summary>Writes the configuration, for ports from a base port.</summary>
    public async Task CreateAsync(int basePort)
    {
        // The user of PostgreSQL must be able to enter the directory.
        await Command.RunAsync("chmod", "a+x", directory.Path);
        await RunAsync("create", $"{basePort}");
    }

    public string FileOf(string path) => Path.Combine(directory.Path, path);

    /// <summary>Runs the script with a verb, and returns what it writes.</summary>
    public Task<string> RunAsync(string verb, params string[] arguments)
    {
        var environment = new Dictionary<string, string?>();
        ServerEnvironment.Prepare(environment);
        return Command.RunAsync(
            "env",
            [
                $"DOTNET_ROOT={environment["DOTNET_ROOT"]}", $"UNIQUERANDOM_SERVER={ServerProcess.Executable}",
                $"UniqueRandom__Maximum={FailoverStage.PoolSize}", "bash", Script, verb, directory.Path, .. arguments,
            ]);
    }

    /// <summary>Gets the state of the cluster, and the ends of its logs.</summary>
    public async Task<string> DescribeAsync()
    {
        var logs = Directory.EnumerateFiles(FileOf("log")).Order()
            .Select(log => $"== {Path.GetFileName(log)}\n{string.Join('\n', File.ReadLines(log).TakeLast(15))}");
        return $"{await RunAsync("status")}\n{string.Join('\n', logs)}";
    }

    /// <summary>Gets the id of a process of the cluster.</summary>
    public int ProcessOf(string name) =>
        int.Parse(File.ReadAllText(FileOf($"run/{name}.pid")).Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>Sends a signal, such as STOP, to a process of the cluster.</summary>
    public Task SignalAsync(string name, string signal) =>
        Command.RunAsync("sh", "-c", "kill -s \"$1\" \"$2\"", "sh", signal, $"{ProcessOf(name)}");

    /// <summary>Stops the cluster, and removes its directory.</summary>
    public async ValueTask DisposeAsync()
    {
        guard.StandardInput.Close();
        using var limit = new CancellationTokenSource(Patience);
        await guard.WaitForExitAsync(limit.Token);
        // The directory has the ids of what may still run.
        Assert.Equal(0, guard.ExitCode);
        guard.Dispose();
        directory.Dispose();
    }

    private static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin")
        .Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string Source([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
