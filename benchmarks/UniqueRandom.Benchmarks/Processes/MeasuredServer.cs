using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace UniqueRandom.Benchmarks.Processes;

/// <summary>A server as a child process on a free loopback port.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(4);
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };


    private readonly StringBuilder output = new();
    private readonly Process process;
    private readonly long started;

    private ServerProcess(string[] commandLine, string workingDirectory)
    {
        Address = new Uri($"http://127.0.0.1:{Programs.FindFreePort()}");
        var start = new ProcessStartInfo(commandLine[0], [.. commandLine[1..], "--urls", Address.OriginalString])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory,
        };
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToList())
            start.Environment.Remove(name);

        started = Stopwatch.GetTimestamp();
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    public string Random => $"{Address}random";

    public string Draws => $"{Address}pools/default/draws";

    /// <summary>The time from the start of the process to its first answered draw.</summary>
    public TimeSpan FirstDraw { get; private set; }

    /// <summary>The user and system time of the process so far.</summary>
    public TimeSpan ProcessorTime => process.TotalProcessorTime;

    /// <summary>The resident memory in MB, now and at its peak.</summary>
    public (double Now, double Peak) Memory
    {
        get
        {
            process.Refresh();
            return (process.WorkingSet64 / 1e6, process.PeakWorkingSet64 / 1e6);
        }
    }

    /// <summary>Starts a server and waits for its first answered draw.</summary>
    public static async Task<ServerProcess> StartAsync(
        string[] commandLine, string workingDirectory, CancellationToken cancellationToken)
    {
        var server = new ServerProcess(commandLine, workingDirectory);
        try
        {
            await server.DrawFirstAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the server with SIGTERM, so that it closes its database.</summary>
    public async Task StopAsync()
    {
        const int sigterm = 15;
        _ = Signal(process.Id, sigterm);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync(timeout.Token);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"A server exited with code {process.ExitCode}: {output}");
    }

    /// <summary>Kills the server if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private static bool IsSetting(string name) => name.StartsWith("UniqueRandom__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal);

    private async Task DrawFirstAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var response = await Client.GetAsync(new Uri(Random), cancellationToken);
                response.EnsureSuccessStatusCode();
                FirstDraw = Stopwatch.GetElapsedTime(started);
                return;
            }
            catch (HttpRequestException error) when (error.StatusCode is null or HttpStatusCode.ServiceUnavailable)
            {
                if (process.HasExited)
                    throw new InvalidOperationException($"A server did not start: {output}", error);
                await Task.Delay(PollInterval, cancellationToken);
            }
        }
    }

    private void Append(string? line)
    {
        lock (output)
            output.AppendLine(line);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
