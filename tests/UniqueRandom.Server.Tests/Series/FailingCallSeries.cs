using System.Text.RegularExpressions;
using UniqueRandom.Server.Tests.Faults;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Series;

/// <summary>
/// Makes one call after the other fail, from the first one of the process on. The server refuses, or ends with one line, and the
/// next one goes on.
/// </summary>
public sealed partial class FailingCallSeries(FaultTable table, ITestOutputHelper output)
{
    private const int MostCalls = 20;
    private const int EndedBySigterm = 128 + 15;

    private static readonly string[] Calls = ["fsync", "pwrite64", "ftruncate", "mmap"];
    private static readonly string[] Errors = ["EIO", "ENOSPC"];

    [Fact]
    public Task Calls_on_the_database() =>
        FailAsync("database", run => [run.Directory.Database, run.Directory.Database + "-wal"]);

    [Fact]
    public Task Calls_on_the_mark() => FailAsync("mark", run => [run.Directory.Mark, run.Directory.Mark + ".new"]);

    private async Task FailAsync(string what, Func<FaultRun, string[]> filesOf)
    {
        using var run = new FaultRun($"EIO, ENOSPC on the {what}", table, output);
        var files = filesOf(run);
        var trace = run.Directory.File("trace");
        // The first start creates the files, and the second one finds them.
        _ = await CountAsync(run, files, trace);
        var opened = await CountAsync(run, files, trace);
        var cases = (
            from call in Calls
            from number in Enumerable.Range(1, Math.Min(MostCalls, opened[call]))
            from error in Errors
            select (Call: call, Number: number, Error: error)).ToArray();
        output.WriteLine($"Calls on the {what}: {string.Join(", ", Calls.Select(call => $"{call} {opened[call]}"))}");
        Random.Shared.Shuffle(cases);
        var server = await run.StartAsync();
        Assert.Equal(0, await server.StopAsync());
        var (pool, injected) = (0, 0);
        foreach (var (call, number, error) in cases.Take(TestRounds.Count(few: 3, all: cases.Length)))
        {
            await server.DisposeAsync();
            var starter = Strace.Starter(call, $"error={error}:when={number}", trace, files);
            await using (var faulty = run.Launch(starter))
            {
                var outcome = await UseAsync(run, faulty, $"pool-{++pool}");
                output.WriteLine($"{call} {number} {error}: {outcome}");
            }

            if ((await File.ReadAllTextAsync(trace)).Contains("(INJECTED)", StringComparison.Ordinal))
                injected++;

            server = await run.RecoverAsync();
            Assert.Equal(0, await server.StopAsync());
        }

        await server.DisposeAsync();
        await using var last = await run.StartAsync();
        await run.EndAsync(last);
        output.WriteLine($"{injected} of these calls were reached and failed");
        Assert.InRange(injected, 1, cases.Length);
        Assert.Equal((0, 0), (run.Ledger.Repeated, run.Ledger.Lost));
    }

    /// <summary>Counts the calls of the busiest thread, because strace counts by thread, in a life without a fault.</summary>
    private static async Task<Dictionary<string, int>> CountAsync(FaultRun run, string[] files, string trace)
    {
        await using var server = run.Launch(Strace.Starter(string.Join(',', Calls), null, trace, files));
        Assert.Equal("stopped", await UseAsync(run, server, $"first-{Guid.NewGuid():N}"));
        var calls = (await File.ReadAllLinesAsync(trace)).Select(line => CallOf().Match(line)).Where(match => match.Success)
            .CountBy(match => (Thread: match.Groups[1].Value, Call: match.Groups[2].Value)).ToList();
        return Calls.ToDictionary(
            call => call, call => calls.Where(count => count.Key.Call == call).Max(count => (int?)count.Value) ?? 0);
    }

    /// <summary>Draws, creates a pool, and stops the server, until it ends because of the fault.</summary>
    private static async Task<string> UseAsync(FaultRun run, ServerProcess server, string pool)
    {
        if (!await server.TryServeAsync())
        {
            Assert.Equal(1, await server.ExitAsync());
            AssertNoTrace(server);
            return $"not started: {Assert.Single(server.Errors)}";
        }

        var load = await run.LoadAsync();
        await load.TryReceiveAsync(300);
        try
        {
            await server.Client.CreatePoolAsync(pool, 1, 10);
        }
        catch (HttpRequestException)
        {
            // The fault has ended the server.
        }

        await load.TryReceiveAsync(300);
        var code = server.HasExited ? await server.ExitAsync() : await server.StopAsync();
        await load.EndAsync();
        AssertNoTrace(server);
        if (code == 0)
            return "stopped";
        // SIGTERM may arrive when a process that the fault ends no longer handles it.
        Assert.Contains(code, (int[])[1, EndedBySigterm]);
        return $"ended: {Assert.Single(server.Output, line => line.Contains(" FTL ", StringComparison.Ordinal))}";
    }

    private static void AssertNoTrace(ServerProcess server) => Assert.DoesNotContain(
        server.Output.Concat(server.Errors), line => line.StartsWith("   at ", StringComparison.Ordinal));

    [GeneratedRegex(@"^(\d+) +(\w+)\(")]
    private static partial Regex CallOf();
}
