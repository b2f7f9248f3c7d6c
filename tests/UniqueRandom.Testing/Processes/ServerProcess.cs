using System.Diagnostics;
using System.Runtime.InteropServices;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Testing.Processes;

/// <summary>The real server executable as a child process, in the directory of a test and on a free port.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>The server of this build, or a published one.</summary>
    public static readonly string Executable = Environment.GetEnvironmentVariable("UNIQUERANDOM_SERVER")
        ?? Path.Combine(AppContext.BaseDirectory, "UniqueRandom.Server");

    private readonly ChildProcess process;
    private HttpClient? client;

    private ServerProcess(ChildProcess process) => this.process = process;

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public IReadOnlyList<string> Output => process.Output.Lines;

    public IReadOnlyList<string> Errors => process.Errors.Lines;

    /// <summary>The address of the server. Set when it serves.</summary>
    public Uri Address { get; private set; } = null!;

    public HttpClient Client => client ??= new HttpClient { BaseAddress = Address };

    /// <summary>Starts the executable, and does not wait for it.</summary>
    public static ServerProcess Launch(TemporaryDirectory directory, params ReadOnlySpan<string> arguments) =>
        Launch(directory, [], arguments);

    /// <summary>Starts the executable with environment variables, and does not wait for it.</summary>
    public static ServerProcess Launch(
        TemporaryDirectory directory, Dictionary<string, string> environment, params ReadOnlySpan<string> arguments) =>
        LaunchExactly(
            [],
            directory,
            environment,
            arguments.Contains("--urls") || environment.ContainsKey("ASPNETCORE_URLS")
                ? arguments
                : [.. arguments, "--urls", "http://127.0.0.1:0"]);

    /// <summary>Starts the executable without choosing an address, and does not wait for it.</summary>
    /// <param name="starter">
    /// A program that the executable replaces, and its arguments, which those of the executable follow; or nothing.
    /// </param>
    /// <param name="directory">The working directory.</param>
    /// <param name="environment">The environment variables.</param>
    /// <param name="arguments">The arguments of the server.</param>
    public static ServerProcess LaunchExactly(
        string[] starter,
        TemporaryDirectory directory,
        Dictionary<string, string> environment,
        params ReadOnlySpan<string> arguments)
    {
        string[] command = [.. starter, Executable, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = directory.Path };
        ServerEnvironment.Prepare(start.Environment);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        return new ServerProcess(new ChildProcess(start));
    }

    /// <summary>Starts the executable, and waits until it serves.</summary>
    public static Task<ServerProcess> StartAsync(TemporaryDirectory directory, params ReadOnlySpan<string> arguments) =>
        ServeAsync(Launch(directory, arguments));

    /// <summary>Starts the executable with environment variables, and waits until it serves.</summary>
    public static Task<ServerProcess> StartAsync(
        TemporaryDirectory directory, Dictionary<string, string> environment, params ReadOnlySpan<string> arguments) =>
        ServeAsync(Launch(directory, environment, arguments));

    /// <summary>Waits for the first line on stdout that contains a text.</summary>
    public Task<string> LineAsync(string text) => process.LineAsync(process.Output, text);

    /// <summary>Waits until the process ends, and returns the exit code.</summary>
    public Task<int> ExitAsync() => process.ExitAsync();

    /// <summary>Sends SIGTERM, and returns the exit code.</summary>
    public Task<int> StopAsync()
    {
        process.Signal(PosixSignal.SIGTERM);
        return process.ExitAsync();
    }

    /// <summary>Suspends the process with SIGSTOP, which leaves its transactions and connections open.</summary>
    public Task FreezeAsync() => Command.RunAsync("sh", "-c", "kill -STOP $1", "sh", $"{Id}");

    /// <summary>Waits until every thread of a suspended process has stopped, so that none is in a system call.</summary>
    public async Task FrozenAsync()
    {
        // Many times, because a tracer also stops a thread at each system call, and may be slow to continue it.
        const int readings = 20;
        var (before, equal) = ((string[])[], 0);
        await Eventually.TrueAsync(
            () =>
            {
                var now = Array.ConvertAll(Directory.GetDirectories($"/proc/{Id}/task"), ThreadState);
                equal = now.All(IsStopped) && now.SequenceEqual(before) ? equal + 1 : 0;
                before = now;
                return Task.FromResult(equal >= readings);
            },
            "all threads have stopped");
    }

    /// <summary>Continues a suspended process.</summary>
    public Task ContinueAsync() => Command.RunAsync("sh", "-c", "kill -CONT $1", "sh", $"{Id}");

    /// <summary>Kills the process with SIGKILL.</summary>
    public Task KillAsync() => process.KillAsync();

    public ValueTask DisposeAsync()
    {
        client?.Dispose();
        return process.DisposeAsync();
    }

    /// <summary>Waits until a process serves that was started.</summary>
    public static async Task<ServerProcess> ServeAsync(ServerProcess server)
    {
        if (await server.TryServeAsync())
            return server;
        var failure = server.process.Failure("ended without serving");
        await server.DisposeAsync();
        throw failure;
    }

    /// <summary>Waits until the process serves, or has ended.</summary>
    /// <returns>Whether it serves.</returns>
    public async Task<bool> TryServeAsync()
    {
        try
        {
            if (await process.FindLineAsync(process.Output, "Serving pool") is not { } serving)
                return false;
            var address = serving[serving.IndexOf("http://", StringComparison.Ordinal)..].Split(',')[0];
            // Neither 0.0.0.0 nor [::] is an address to connect to.
            Address = new Uri(address.Replace("//0.0.0.0:", "//127.0.0.1:", StringComparison.Ordinal)
                .Replace("//[::]:", "//127.0.0.1:", StringComparison.Ordinal));
            return true;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Gets whether a thread has stopped, by a signal or by a tracer.</summary>
    private static bool IsStopped(string state) => state[0] is 'T' or 't';

    /// <summary>Gets the state of a thread, and how often it has waited.</summary>
    private static string ThreadState(string thread)
    {
        var lines = File.ReadAllLines(Path.Combine(thread, "status"));
        return ValueOf("State") + ValueOf("voluntary_ctxt_switches") + ValueOf("nonvoluntary_ctxt_switches");

        string ValueOf(string name) => lines.First(line => line.StartsWith($"{name}:", StringComparison.Ordinal))
            [(name.Length + 1)..].TrimStart();
    }
}
