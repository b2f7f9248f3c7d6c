using System.Diagnostics;
using System.Net.Sockets;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Events;

/// <summary>The stream of what changes in the pools.</summary>
public sealed class EventTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_viewer_gets_all_pools_and_then_what_changes()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "1000");
        (await server.Client.DrawAsync("default", 7)).Success(201);
        await using var events = await EventReader.StartAsync(server.Client);

        var first = (await events.ReadAsync())!.Value;
        Assert.True(first.GetProperty("first").GetBoolean());
        var pool = Assert.Single(first.GetProperty("pools").EnumerateArray());
        Assert.Equal(7, pool.GetProperty("history").EnumerateArray().Sum(second => second.GetInt64()));
        var status = await server.Client.StatusAsync("default");
        Assert.Equal(
            status.GetProperty("commitment").GetString(), pool.GetProperty("status").GetProperty("commitment").GetString());

        (await server.Client.DrawAsync("default", 3)).Success(201);
        await events.ReadUntilDrawnAsync("default", 10);

        (await server.Client.CreatePoolAsync("p", 5, 14)).Success(201);
        Assert.Equal(10, (await events.ReadDescriptionAsync("p")).GetProperty("size").GetInt32());

        (await server.Client.ClosePoolAsync("default")).Success(200);
        var closed = await events.ReadDescriptionAsync("default");
        Assert.Equal("closed", closed.GetProperty("state").GetString());
        closed.VerifiedSeed();
    }

    [Fact]
    public async Task Five_hundred_pools_are_described_in_several_messages_and_each_once()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "1000");
        for (var i = 0; i < 500; i++)
            (await server.Client.CreatePoolAsync($"p{i:000}", 1, 10)).Expect(201);
        await using var events = await EventReader.StartAsync(server.Client);

        var names = new List<string?>();
        while (names.Count < 501 && await events.ReadAsync() is { } message)
        {
            Assert.Equal(names.Count == 0, message.TryGetProperty("first", out _));
            var pools = message.GetProperty("pools").EnumerateArray().ToList();
            Assert.InRange(pools.Count, 1, 40);
            names.AddRange(pools.Select(pool => pool.GetProperty("status").GetProperty("pool").GetString()));
        }

        Assert.Equal([.. names.Order(StringComparer.Ordinal)], names);
        Assert.Equal(501, names.Distinct().Count());
    }

    [Fact]
    public async Task A_stop_is_not_delayed_by_a_viewer_that_does_not_read()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "1000");
        for (var i = 0; i < 500; i++)
            (await server.Client.CreatePoolAsync($"p{i:000}", 1, 10)).Expect(201);
        using var viewer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        viewer.ReceiveBufferSize = 4096;
        await viewer.ConnectAsync(server.Address.Host, server.Address.Port, CancellationToken);
        await viewer.SendAsync("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), CancellationToken);
        // The description of 500 pools exceeds what the sockets take, so the server waits for the viewer from now on.
        await viewer.ReceiveAsync(new byte[1], CancellationToken);

        var stopping = Stopwatch.GetTimestamp();
        Assert.Equal(0, await server.StopAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(stopping), TimeSpan.Zero, TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task The_stream_is_neither_buffered_nor_stored()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "1000");
        await using var events = await EventReader.StartAsync(server.Client);

        Assert.Equal("text/event-stream", events.Response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["no"], events.Response.Headers.GetValues("X-Accel-Buffering"));
        Assert.Equal(["nosniff"], events.Response.Headers.GetValues("X-Content-Type-Options"));
        Assert.True(events.Response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task A_stop_ends_the_streams_and_is_not_delayed_by_them()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "1000");
        await using var first = await EventReader.StartAsync(server.Client);
        await using var second = await EventReader.StartAsync(server.Client);
        Assert.NotNull(await first.ReadAsync());
        Assert.NotNull(await second.ReadAsync());

        var stopping = server.StopAsync();

        Assert.Null(await first.ReadAsync());
        Assert.Null(await second.ReadAsync());
        Assert.Equal(0, await stopping);
        Assert.DoesNotContain(server.Output, line => line.Contains(" ERR ", StringComparison.Ordinal));
    }
}
