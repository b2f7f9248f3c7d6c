using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Server.Tests.Documents;

/// <summary>
/// A bash session that runs the commands of a document. It differs from a reader's session: the programs are already built, the
/// package of the client is this project, a server is running on its own port, and PostgreSQL runs as its own user if root runs
/// the tests.
/// </summary>
internal sealed class ExampleShell : IAsyncDisposable
{
    private const string Preamble = """
        unset $(compgen -e | grep -E '^(UniqueRandom__|UNIQUERANDOM_|Serilog__|Kestrel__|ASPNETCORE_|MSBUILD|MSBuild|PG)')
        printf 'silent\nshow-error\n' > "$LOGS/.curlrc"
        export CURL_HOME=$LOGS
        mkdir -p src/UniqueRandom.Server/bin/Release && ln -s "$BUILD" src/UniqueRandom.Server/bin/Release/net10.0

        serve() {
          [ -z "$server" ] || { kill "$server"; wait "$server"; }
          "$BUILD/UniqueRandom.Server" --urls "http://127.0.0.1:$PORT" "$@" > "$LOGS/server-$((starts += 1))" 2>&1 &
          server=$!
          until curl -f "http://127.0.0.1:$PORT/health/ready"; do kill -0 "$server" || return 1; sleep 0.05; done > /dev/null 2>&1
        }
        dotnet() {
          case "$1 $2" in
            'run --project') while [ $# -gt 0 ] && [ "$1" != -- ]; do shift; done; serve "${@:2}" ;;
            'run scripts/'*) command dotnet run "$REPOSITORY/$2" -c Release "${@:3}" ;;
            'build '* | 'test '*) ;;
            'run '*.cs) sed -i "s|^#:package UniqueRandom.Client@.*|#:project $REPOSITORY/src/UniqueRandom.Client|" "$2"
              command dotnet "$@" -c Release -p:PublishAot=false ;;
            *) command dotnet "$@" ;;
          esac
        }
        redis-cli() { command redis-cli -p "$REDIS_PORT" "$@"; }
        if [ "$(id -u)" = 0 ]; then
          chmod 777 .
          initdb() { runuser -u postgres -- "$(type -P initdb)" "$@"; }
          pg_ctl() { runuser -u postgres -- "$(type -P pg_ctl)" "$@"; }
        fi
        trap 'kill $(jobs -p); wait' EXIT
        serve
        """;

    /// <summary>The first run of a script builds it.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    private readonly TemporaryDirectory directory;
    private readonly TemporaryDirectory logs = new();
    private readonly Process bash;
    private int commands;

    private ExampleShell(TemporaryDirectory directory, int port, int redisPort)
    {
        this.directory = directory;
        bash = Process.Start(new ProcessStartInfo("bash", ["--noprofile", "--norc"])
        {
            WorkingDirectory = directory.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["BUILD"] = AppContext.BaseDirectory.TrimEnd('/'),
                ["REPOSITORY"] = MarkdownDocument.Repository,
                ["LOGS"] = logs.Path,
                ["PORT"] = port.ToString(CultureInfo.InvariantCulture),
                ["REDIS_PORT"] = redisPort.ToString(CultureInfo.InvariantCulture),
                ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")),
            },
        })!;
        bash.ErrorDataReceived += (_, _) => { };
        bash.BeginErrorReadLine();
    }

    /// <summary>A program that the examples use and that isn't installed; null if all are.</summary>
    public static string? MissingProgram { get; } = FindMissing("bash", "curl", "openssl", "python3", "redis-cli");

    /// <summary>Returns the first of the programs that isn't installed; null if all are.</summary>
    public static string? FindMissing(params string[] programs)
    {
        var directories = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return programs.FirstOrDefault(program => !directories.Any(directory => File.Exists(Path.Combine(directory, program))));
    }

    /// <summary>Starts a session in a directory, with a server on a port.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="port">The port of the server.</param>
    /// <param name="redisPort">The port on which redis-cli finds a server that an example starts.</param>
    public static async Task<ExampleShell> StartAsync(TemporaryDirectory directory, int port, int redisPort)
    {
        var shell = new ExampleShell(directory, port, redisPort);
        try
        {
            var (code, _, log) = await shell.RunAsync(Preamble);
            Assert.True(code == 0, $"The server did not start. {log}");
            return shell;
        }
        catch
        {
            await shell.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs commands and waits for their end.</summary>
    /// <returns>The exit code of the last one, what they wrote to the output, and what else was written.</returns>
    public async Task<(int ExitCode, string Output, string Log)> RunAsync(string script)
    {
        var name = $"command-{++commands}";
        await File.WriteAllTextAsync(logs.File(name), script + "\n");
        // The output goes to files, because background processes keep their output open.
        var file = $"\"$LOGS/{name}\"";
        await bash.StandardInput.WriteLineAsync($". {file} > {file}.out 2> {file}.err < /dev/null; echo $?");
        await bash.StandardInput.FlushAsync();
        using var time = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        time.CancelAfter(Timeout);
        string? code;
        try
        {
            code = await bash.StandardOutput.ReadLineAsync(time.Token);
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested)
        {
            throw new TimeoutException($"{script}\ntook longer than {Timeout.TotalMinutes} min.\n{await LogAsync(name)}");
        }

        return (
            int.Parse(code ?? throw new InvalidOperationException($"The shell ended in: {script}"), CultureInfo.InvariantCulture),
            await File.ReadAllTextAsync(logs.File(name + ".out")),
            await LogAsync(name));
    }

    public async ValueTask DisposeAsync()
    {
        bash.StandardInput.Close();
        using (var time = new CancellationTokenSource(TimeSpan.FromSeconds(15)))
            await bash.WaitForExitAsync(time.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // A command has not ended.
        if (!bash.HasExited)
            bash.Kill(entireProcessTree: true);
        // Only a failed example leaves this server running.
        if (File.Exists(directory.File("pg/postmaster.pid")))
            await PostgresPrograms.RunAsync("pg_ctl", "-D", directory.File("pg"), "-m", "immediate", "stop");

        bash.Dispose();
        logs.Dispose();
    }

    private async Task<string> LogAsync(string name)
    {
        var servers = Directory.EnumerateFiles(logs.Path, "server-*").Order(StringComparer.Ordinal).TakeLast(1);
        var texts = await Task.WhenAll(servers.Prepend(logs.File(name + ".err")).Select(file => File.ReadAllTextAsync(file)));
        return string.Join('\n', texts);
    }
}
