using UniqueRandom.Server.Tests.Faults;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Series;

/// <summary>
/// Makes a call of the first start fail, or kills the process at it. What is left is no reason for the next start to refuse.
/// </summary>
public sealed class FirstStartSeries(ITestOutputHelper output)
{
    private static readonly string[] Calls = ["fsync", "pwrite64", "ftruncate", "mmap"];
    private static readonly string[] Faults = ["error=EIO", "error=ENOSPC", "signal=SIGKILL"];

    [Fact]
    public async Task The_start_after_a_failed_first_one_serves()
    {
        var cases = (
            from call in Calls
            from number in Enumerable.Range(1, 20)
            from fault in Faults
            select (Call: call, Number: number, Fault: fault)).ToArray();
        Random.Shared.Shuffle(cases);
        var (injected, wanted) = (0, TestRounds.Count(few: 3, all: cases.Length));
        foreach (var (call, number, fault) in cases)
        {
            if (injected == wanted)
                break;
            using var directory = new TemporaryDirectory();
            string[] files = [directory.Database, directory.Database + "-wal", directory.Mark, directory.Mark + ".new"];
            var trace = directory.File("trace");
            var starter = Strace.Starter(call, $"{fault}:when={number}", trace, files);
            var first = await DrawAsync(directory, starter);
            var calls = await File.ReadAllTextAsync(trace);
            if (!calls.Contains("INJECTED", StringComparison.Ordinal) && !calls.Contains("SIGKILL", StringComparison.Ordinal))
                continue;

            injected++;
            output.WriteLine($"{call} {number} {fault}: {(first is null ? "nothing drawn" : "drawn")}");
            var second = await DrawAsync(directory, []);
            Assert.True(second is not null, $"The start after {call} {number} {fault} was refused.");
            Assert.NotEqual(first, second);
        }

        output.WriteLine($"{injected} of these calls were reached and failed");
        Assert.InRange(injected, 3, cases.Length);
    }

    /// <summary>Starts the server, draws and stops it.</summary>
    /// <returns>The number; null if there was no answer.</returns>
    private static async Task<long?> DrawAsync(TemporaryDirectory directory, string[] starter)
    {
        await using var server = ServerProcess.LaunchExactly(
            starter, directory, [], "--maximum", "20000", "--urls", "http://127.0.0.1:0");
        if (!await server.TryServeAsync())
        {
            var code = await server.ExitAsync();
            Assert.DoesNotContain(server.Errors, line => line.StartsWith("   at ", StringComparison.Ordinal));
            if (code == 1)
                Assert.Single(server.Errors);
            return null;
        }

        long? number;
        using (var client = await DrawClient.ConnectAsync(server.Address))
            number = await client.DrawAsync() is { Status: 200 } answer ? answer.Number : null;
        if (!server.HasExited)
            await server.StopAsync();
        return number;
    }
}
