using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>A server under measurement, as a child process on a free port of the loopback.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(4);
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };

    private readonly StringBuilder output = new();
    private readonly Process process;
    private readonly long started;

    private ServerProcess(string program, IEnumerable<string> arguments, string workingDirectory)
    {
        Address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        var start = new ProcessStartInfo(program, [.. arguments, "--urls", Address.GetLeftPart(UriPartial.Authority)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("UniqueRandom__", StringComparison.OrdinalIgnoreCase) || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);

        started = Stopwatch.GetTimestamp();
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    public string Random => new Uri(Address, "random").ToString();

    public string Draws => new Uri(Address, "pools/default/draws").ToString();

    /// <summary>From just before the process was started to its first answer.</summary>
    public TimeSpan UntilAnswer { get; private set; }

    /// <summary>Starts a server, and returns when it has answered a first request: that it is ready, or, where it can't be asked that, that it is alive.</summary>
    public static async Task<ServerProcess> StartAsync(
        string program, IEnumerable<string> arguments, string workingDirectory, CancellationToken cancellation, string? firstRequest = null)
    {
        var server = new ServerProcess(program, arguments, workingDirectory);
        try
        {
            await server.WaitForAnswerAsync(firstRequest ?? (program == Programs.Server ? "health/ready" : "health"), cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A line of /proc/PID/status, in megabytes of 1,000,000 bytes: <c>VmRSS</c> is what is resident now, <c>VmHWM</c> the most so far.</summary>
    public double Megabytes(string line)
    {
        var field = File.ReadLines($"/proc/{process.Id}/status").First(status => status.StartsWith(line + ':', StringComparison.Ordinal));
        return double.Parse(field.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1]) * 1024 / 1e6;
    }

    /// <summary>Stops the server as an operator would, so that its database is closed.</summary>
    public async Task StopAsync()
    {
        const int terminate = 15; // SIGTERM
        _ = Signal(process.Id, terminate);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync(patience.Token);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"A server exited with {process.ExitCode}: {output}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private async Task WaitForAnswerAsync(string request, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                using var response = await Client.GetAsync(new Uri(Address, request), cancellation);
                response.EnsureSuccessStatusCode();
                UntilAnswer = Stopwatch.GetElapsedTime(started);
                return;
            }
            catch (HttpRequestException error) when (error.StatusCode is null or HttpStatusCode.ServiceUnavailable)
            {
                if (process.HasExited)
                    throw new InvalidOperationException($"A server did not start: {output}", error);
                await Task.Delay(PollEvery, cancellation);
            }
        }
    }

    private void Keep(string? line)
    {
        lock (output)
            output.AppendLine(line);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
