using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Series;

/// <summary>Many clients: 500 slow ones beside others, and five times as many as draws may wait.</summary>
public sealed partial class CrowdSeries(FaultTable table, ITestOutputHelper output)
{
    private const int SlowClients = 500;
    private const int QueueCapacity = 16;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    /// <summary>Each slow client sends its request in pieces. The others draw meanwhile.</summary>
    [Fact]
    public async Task Slow_clients()
    {
        using var run = new FaultRun($"{SlowClients} slow clients", table, output);
        await run.RepeatAsync(TestRounds.Count(few: 1, all: 5), async (server, _) =>
        {
            var slow = Enumerable.Range(0, SlowClients).Select(_ => DrawSlowlyAsync(server.Address, run.Ledger)).ToArray();
            var load = await run.LoadAsync();
            await load.ReceiveAsync(2000);
            Assert.Equal(HttpStatusCode.OK, await server.Client.GetPromptlyAsync("/health"));
            var answered = (await Task.WhenAll(slow)).Count(isAnswered => isAnswered);
            output.WriteLine($"{answered} of the slow clients were answered, the others were closed");
            Assert.InRange(answered, 1, SlowClients);
            await server.KillAsync();
            await load.EndAsync();
        });
    }

    [Fact]
    public async Task Overload()
    {
        using var run = new FaultRun("5 times as many draws as may wait", table, output)
        {
            Switches = ["--queue-capacity", $"{QueueCapacity}"],
        };
        await run.RepeatAsync(TestRounds.Count(few: 1, all: 5), async (server, _) =>
        {
            var load = await run.LoadAsync(LoadShape.Mixed with { Single = 5 * QueueCapacity });
            await load.ReceiveAsync(3000);
            Assert.Equal(HttpStatusCode.OK, await server.Client.GetPromptlyAsync("/health"));
            await server.KillAsync();
            await load.EndAsync();
        });
        Assert.Contains("queue-full", run.Ledger.Refusals.Keys);
    }

    /// <summary>Draws a number with a request that arrives byte by byte, some 4 seconds in all.</summary>
    /// <returns>Whether it was answered. The server may close a connection that takes too long.</returns>
    private static async Task<bool> DrawSlowlyAsync(Uri server, FaultLedger ledger)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server.Host, server.Port, CancellationToken);
            foreach (var letter in "GET /random HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            {
                await socket.SendAsync(new[] { (byte)letter }, CancellationToken);
                await Task.Delay(Random.Shared.Next(150), CancellationToken);
            }

            var answer = new StringBuilder();
            var buffer = new byte[1024];
            while (await socket.ReceiveAsync(buffer, CancellationToken) is > 0 and var count)
                answer.Append(Encoding.ASCII.GetString(buffer, 0, count));
            if (answer.Length == 0 || answer.ToString().StartsWith("HTTP/1.1 408", StringComparison.Ordinal))
                return false;
            var number = Number().Match(answer.ToString());
            Assert.True(number.Success, answer.ToString());
            ledger.Acknowledge(long.Parse(number.Groups[1].Value, CultureInfo.InvariantCulture));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [GeneratedRegex("""^HTTP/1.1 200 .*{"number":(\d+)}""", RegexOptions.Singleline)]
    private static partial Regex Number();
}
