using System.Net;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Deployment;

/// <summary>The unit of systemd, checked by systemd's own program.</summary>
public sealed class UnitTests : IDisposable
{
    private const string Analyzer = "systemd-analyze";
    private const string Tracer = "/usr/bin/strace";

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task The_exposure_is_at_most_2()
    {
        SkipWithoutAnalyzer();
        // In tenths. Throws above it.
        await Command.RunAsync(
            Analyzer, "security", "--offline=true", "--no-pager", "--threshold=20", DeploymentFiles.Unit);
    }

    [Fact]
    public async Task Every_line_is_known_to_systemd()
    {
        SkipWithoutAnalyzer();
        var unit = directory.File("uniquerandom.service");
        var text = await File.ReadAllTextAsync(DeploymentFiles.Unit);
        // Instead of a program that is not installed here.
        await File.WriteAllTextAsync(
            unit, text.Replace("/opt/uniquerandom/UniqueRandom.Server", "/bin/true", StringComparison.Ordinal));

        var errors = await Command.ReadErrorsAsync(Analyzer, "verify", "--man=no", "--recursive-errors=no", unit);
        Assert.DoesNotContain("uniquerandom", errors);
    }

    [Fact]
    public void The_process_is_never_dumped()
    {
        var lines = File.ReadAllLines(DeploymentFiles.Unit);
        Assert.Contains("LimitCORE=0", lines);
        Assert.Contains("Environment=DOTNET_EnableDiagnostics=0", lines);
    }

    [Fact]
    public async Task A_server_runs_with_the_system_calls_that_are_allowed()
    {
        SkipWithoutAnalyzer();
        Assert.SkipUnless(File.Exists(Tracer), "strace is not installed.");
        // strace does not know all names; it ignores those with a question mark.
        var denied = string.Join(',', (await ReadDeniedAsync()).Select(call => $"?{call}"));
        string[] starter =
        [
            Tracer, "-D", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", $"trace={denied}", "-e",
            $"inject={denied}:error=EPERM",
        ];
        await using var server = await ServerProcess.ServeAsync(
            ServerProcess.LaunchExactly(starter, directory, [], "--maximum", "20000", "--urls", "http://127.0.0.1:0"));

        Assert.Equal(HttpStatusCode.OK, await server.Client.GetPromptlyAsync("/random"));
        Assert.Equal(HttpStatusCode.OK, await server.Client.GetPromptlyAsync("/pools/default/draws"));
        Assert.Equal(0, await server.StopAsync());
    }

    [Fact]
    public async Task The_native_program_needs_no_memory_that_is_written_and_executed()
    {
        Assert.Contains("MemoryDenyWriteExecute=yes", File.ReadAllLines(DeploymentFiles.Unit));
        // Other programs compile while they run, and older kernels have no PR_SET_MDWE.
        if (Environment.GetEnvironmentVariable("UNIQUERANDOM_SERVER") is null
            || !OperatingSystem.IsOSPlatformVersionAtLeast("linux", 6, 3))
        {
            return;
        }

        const string denyAndReplace =
            """
            import ctypes, os, sys
            assert ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) == 0
            os.execv(sys.argv[1], sys.argv[1:])
            """;
        await using var server = await ServerProcess.ServeAsync(ServerProcess.LaunchExactly(
            ["python3", "-c", denyAndReplace], directory, [], "--maximum", "20000", "--urls", "http://127.0.0.1:0"));

        Assert.Equal(HttpStatusCode.OK, await server.Client.GetPromptlyAsync("/random"));
        Assert.Equal(0, await server.StopAsync());
    }

    private static void SkipWithoutAnalyzer() => Assert.SkipUnless(
        File.Exists($"/usr/bin/{Analyzer}"), $"{Analyzer} is not installed (apt-get install systemd).");

    /// <summary>Reads which system calls the unit denies: its first filter allows some, the others deny some of these.</summary>
    private static async Task<HashSet<string>> ReadDeniedAsync()
    {
        const string key = "SystemCallFilter=";
        var filters = File.ReadLines(DeploymentFiles.Unit).Where(line => line.StartsWith(key, StringComparison.Ordinal))
            .Select(line => line[key.Length..]).ToList();
        var denied = await ReadSetAsync("@known");
        denied.ExceptWith(await ReadSetAsync("@default"));
        denied.ExceptWith(await ReadSetAsync(filters[0]));
        foreach (var filter in filters.Skip(1))
            denied.UnionWith(await ReadSetAsync(filter.TrimStart('~')));
        Assert.InRange(denied.Count, 50, 400);
        return denied;
    }

    private static async Task<HashSet<string>> ReadSetAsync(string name)
    {
        var calls = new HashSet<string>();
        var lines = (await Command.RunAsync(Analyzer, "syscall-filter", "--no-pager", name)).Split('\n').Skip(1);
        foreach (var call in lines.Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'))
            calls.UnionWith(call[0] == '@' ? await ReadSetAsync(call) : [call]);
        return calls;
    }
}
