using System.Net.Http.Headers;
using System.Text.Json;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;
using UniqueRandom.Testing.Upgrades;

namespace UniqueRandom.Server.Tests.Upgrades;

/// <summary>Runs a server on a new database, opens, exhausts and closes pools, and records what it answers.</summary>
internal sealed class AnswerRecorder
{
    private const string Default = "default";

    private readonly List<RecordedDraw> draws = [];

    public static async Task<RecordedAnswers> RecordAsync(TemporaryDirectory directory, params IEnumerable<string> switches)
    {
        var recorder = new AnswerRecorder();
        string[] all = [.. switches, "--maximum", "1000"];
        await using (var server = await ServerProcess.StartAsync(directory, all))
        {
            await recorder.DrawAsync(server.Client);
            Assert.Equal(0, await server.StopAsync());
        }

        var shop = new KeyHolder("shop", "draw,admin");
        await using (var server = await ServerProcess.StartAsync(directory, KeyHolder.Environment(shop), all))
        {
            server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", shop.Key);
            await recorder.DrawAsAsync(server.Client, shop.Name);
            var pools = (await server.Client.FetchAsync("/pools")).Success(200).GetProperty("pools");
            Assert.Equal(0, await server.StopAsync());
            return new RecordedAnswers(
                pools.Deserialize<RecordedPool[]>(JsonSerializerOptions.Web)!, [.. recorder.draws]);
        }
    }

    private async Task DrawAsync(HttpClient client)
    {
        for (var i = 0; i < 20; i++)
            await DrawOneAsync(client);
        await DrawOneAsync(client, key: "invitation-17");
        await DrawAsync(client, Default, 100, "order-1");
        await DrawAsync(client, Default, 5, "Größe 5, \"5\"", "retry-1");

        await CreateAsync(client, "exhausted", -5, 14);
        await DrawAsync(client, "exhausted", 20, key: "all");
        await CreateAsync(client, "closed", 1, 50);
        await DrawAsync(client, "closed", 7, "order-2", "retry-2");
        (await client.ClosePoolAsync("closed")).Success(200);
        await CreateAsync(client, "unused", 9_000_000_001, 9_000_000_030);
        await CreateAsync(client, "computed", 1, long.MaxValue, "computed");
        await DrawAsync(client, "computed", 12, "order-5", "retry-3");
        (await client.ClosePoolAsync("computed")).Success(200);
        (await client.DefinePoolAsync(
            "codes",
            """{"maximum":29,"code":{"alphabet":"no-vowels","length":6,"prefix":"V10-","group":3,"check":true}}""")).Success(201);
        await DrawAsync(client, "codes", 3, "order-6");
        await CreateAsync(client, "extended", 1, 20);
        (await client.SendRequestAsync("POST", "/pools/extended/extend", """{"maximum":45}""", "more")).Success(200);
        await DrawAsync(client, "extended", 30, "order-7");
        (await client.ImportPoolAsync("imported", "{\"minimum\":1,\"maximum\":40}\n17\n3\n")).Success(201);
        draws.Add(new RecordedDraw("imported", 0, 2, [3, 17], Reference: "imported"));
        await DrawAsync(client, "imported", 6, key: "retry-4");
    }

    /// <summary>Draws with an access key; the keys are those of draws without one.</summary>
    private async Task DrawAsAsync(HttpClient client, string caller)
    {
        await DrawOneAsync(client, caller: caller);
        await DrawOneAsync(client, "invitation-17", caller);
        await DrawAsync(client, Default, 10, "order-3", "retry-1", caller);
    }

    private async Task DrawOneAsync(HttpClient client, string? key = null, string? caller = null)
    {
        var number = (await client.FetchAsync("/random", key)).Success(200).GetProperty("number").GetInt64();
        draws.Add(new RecordedDraw(Default, NextOf(Default), 1, [number], Key: key, Caller: caller));
    }

    private async Task DrawAsync(
        HttpClient client, string pool, int count, string? reference = null, string? key = null, string? caller = null)
    {
        var answer = (await client.DrawAsync(pool, count, reference, key)).Success(201);
        Assert.Equal(NextOf(pool), answer.GetProperty("first").GetInt64());
        draws.Add(answer.Deserialize<RecordedDraw>(JsonSerializerOptions.Web)! with { Key = key, Caller = caller });
    }

    private static async Task CreateAsync(
        HttpClient client, string pool, long minimum, long maximum, string? order = null) => Assert.Equal(
        "open", (await client.CreatePoolAsync(pool, minimum, maximum, order)).Success(201).GetProperty("state").GetString());

    private long NextOf(string pool) => draws.Where(draw => draw.Pool == pool).Sum(draw => (long)draw.Count);
}
