using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Terminal;

/// <summary>The verb draw.</summary>
public sealed partial class DrawTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Each_number_is_a_line_and_the_draw_is_in_the_log()
    {
        var pool = await server.CreatePoolAsync(50);

        var numbers = (await Run.OfAsync(server.Address, "draw", pool, "--count", "3", "--reference", "order [1]")).Done();

        var line = (await server.Client.FetchAsync($"/pools/{pool}/draws")).Lines.Single();
        Assert.Equal(line.Numbers(), numbers.Select(number => long.Parse(number, CultureInfo.InvariantCulture)));
        Assert.Equal("order [1]", line.GetProperty("reference").GetString());
    }

    [Fact]
    public async Task Without_arguments_one_number_of_the_first_pool_is_drawn()
    {
        var before = await server.Client.DrawnAsync("default");
        Assert.InRange(
            long.Parse(Assert.Single((await Run.OfAsync(server.Address, "draw")).Done()), CultureInfo.InvariantCulture), 1, 1000);
        Assert.Equal(before + 1, await server.Client.DrawnAsync("default"));
    }

    [Fact]
    public async Task The_same_key_gives_the_same_numbers_and_JSON_says_so()
    {
        var pool = await server.CreatePoolAsync(50);
        string[] draw = ["draw", pool, "--idempotency-key", $"{pool}-1", "--count", "2", "--json"];

        var first = Read(await Run.OfAsync(server.Address, draw));
        var second = Read(await Run.OfAsync(server.Address, draw));

        Assert.Equal(first.Numbers(), second.Numbers());
        Assert.Equal((false, true), (first.GetProperty("replayed").GetBoolean(), second.GetProperty("replayed").GetBoolean()));
        Assert.Equal(2, await server.Client.DrawnAsync(pool));

        static JsonElement Read(Run run) => JsonElement.Parse(Assert.Single(run.Done()));
    }

    [Fact]
    public async Task A_pool_with_too_few_numbers_and_a_closed_one_have_an_exit_code_of_their_own()
    {
        var pool = await server.CreatePoolAsync(2);

        Assert.Contains("2 of its 2 numbers left", (await Run.OfAsync(server.Address, "draw", pool, "--count", "3")).Failed(4));
        await server.Client.ClosePoolAsync(pool);
        Assert.Contains("closed", (await Run.OfAsync(server.Address, "draw", pool)).Failed(4));
        Assert.Contains("'none'", (await Run.OfAsync(server.Address, "draw", "none")).Failed(3));
        Assert.Equal(0, await server.Client.DrawnAsync(pool));
    }

    [Fact]
    public async Task A_draw_without_an_answer_can_be_repeated_with_its_key()
    {
        using var directory = new TemporaryDirectory();
        await using var own = await ServerProcess.StartAsync(directory, "--maximum", "50");
        await own.FreezeAsync();

        var lost = await Run.OfAsync(own.Address, "draw", "--timeout", "3");
        await Command.RunAsync("sh", "-c", "kill -CONT $1", "sh", $"{own.Id}");

        Assert.Equal(5, lost.ExitCode);
        Assert.Empty(lost.Output);
        Assert.True(lost.HasWaited);
        Assert.StartsWith("No answer within 3 s", lost.Errors[^1]);
        var key = Key().Match(lost.Errors[^1]).Groups[1].Value;
        var number = Assert.Single((await Run.OfAsync(own.Address, "draw", "--idempotency-key", key)).Done());
        // The server reads the lost request when it continues, or the connection is closed and it draws nothing: once or never.
        var drawn = Assert.Single((await own.Client.FetchAsync("/pools/default/draws")).Lines);
        Assert.Equal(long.Parse(number, CultureInfo.InvariantCulture), Assert.Single(drawn.Numbers()));
    }

    [Fact]
    public async Task A_draw_that_can_not_be_written_can_be_repeated_with_its_key()
    {
        var pool = await server.CreatePoolAsync(50);
        using var directory = new TemporaryDirectory();
        await using var draw = ServerProcess.LaunchExactly(
            ["sh", "-c", "exec \"$@\" > /dev/full", "sh"], directory, [], "draw", pool, "--url", server.Address.AbsoluteUri);

        Assert.Equal(6, await draw.ExitAsync());

        var error = Assert.Single(draw.Errors);
        Assert.StartsWith("Can't write the result: No space left on device", error);
        var number = Assert.Single(
            (await Run.OfAsync(server.Address, "draw", pool, "--idempotency-key", Key().Match(error).Groups[1].Value)).Done());
        var line = Assert.Single((await server.Client.FetchAsync($"/pools/{pool}/draws")).Lines);
        Assert.Equal(long.Parse(number, CultureInfo.InvariantCulture), Assert.Single(line.Numbers()));
    }

    [Fact]
    public async Task A_pool_that_is_being_seeded_gives_no_number_and_says_so()
    {
        const string pool = "large";
        (await server.Client.CreatePoolAsync(pool, 1, 30_000_000)).Expect(201);

        var run = await Run.OfAsync(server.Address, "draw", pool, "--timeout", "1");

        Assert.Equal(5, run.ExitCode);
        Assert.All(run.Errors, line => Assert.Contains("still being stored", line));
        Assert.DoesNotContain("may be drawn", run.Errors[^1]);
    }

    [Fact]
    public async Task A_server_that_can_not_be_reached_was_not_asked_to_draw()
    {
        var missing = new Uri($"http://127.0.0.1:{LoopbackPort.Take()}");

        var run = await Run.OfAsync(missing, "draw", "--timeout", "1");

        Assert.Equal(5, run.ExitCode);
        Assert.Equal(
            [$"{missing}: Connection refused. Trying for 1 s.", "No answer within 1 s (Connection refused)."], run.Errors);
    }

    [Fact]
    public async Task An_interruption_tells_the_key()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var directory = new TemporaryDirectory();
        await using var draw = ServerProcess.LaunchExactly(
            [], directory, [], "draw", "--idempotency-key", "invitation-17", "--url", $"http://{listener.LocalEndpoint}");
        using var connection = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, await draw.StopAsync());
        Assert.StartsWith("Interrupted.", draw.Errors[^1]);
        Assert.Contains("--idempotency-key invitation-17", draw.Errors[^1]);
    }

    [GeneratedRegex(@"--idempotency-key (\S+)")]
    private static partial Regex Key();
}
