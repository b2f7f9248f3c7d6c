using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Benchmarks.Processes;

/// <summary>A server as a child process on a loopback port, whose time and memory are measured.</summary>
internal sealed class MeasuredServer : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(4);
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly ChildProcess child;
    private readonly Process process;
    private readonly long started;

    private MeasuredServer(string[] commandLine, string workingDirectory)
    {
        Address = new Uri($"http://127.0.0.1:{LoopbackPort.Take()}");
        var start = new ProcessStartInfo(commandLine[0], [.. commandLine[1..], "--urls", Address.OriginalString])
        {
            WorkingDirectory = workingDirectory,
        };
        ServerEnvironment.Prepare(start.Environment);
        started = Stopwatch.GetTimestamp();
        child = new ChildProcess(start);
        process = Process.GetProcessById(child.Id);
    }

    public Uri Address { get; }

    public string Random => $"{Address}random";

    public string Draws => $"{Address}pools/default/draws";

    /// <summary>The time from the start of the process to its first answered draw.</summary>
    public TimeSpan FirstDraw { get; private set; }

    /// <summary>The user and system time of the process so far.</summary>
    public TimeSpan ProcessorTime => process.TotalProcessorTime;

    /// <summary>The times of the threads of the thread pool. The draws of a SQLite server run on other threads.</summary>
    public ThreadTimes PoolThreads => ThreadTimes.Of(child.Id, ".NET TP Worker");

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
    public static async Task<MeasuredServer> StartAsync(
        string[] commandLine, string workingDirectory, CancellationToken cancellationToken)
    {
        var server = new MeasuredServer(commandLine, workingDirectory);
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
        child.Signal(PosixSignal.SIGTERM);
        var exitCode = await child.ExitAsync();
        if (exitCode != 0)
            throw child.Failure($"exited with code {exitCode}");
    }

    /// <summary>Kills the server if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        process.Dispose();
        await child.DisposeAsync();
    }

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
                if (child.HasExited)
                    throw child.Failure("did not start");
                await Task.Delay(PollInterval, cancellationToken);
            }
        }
    }
}
