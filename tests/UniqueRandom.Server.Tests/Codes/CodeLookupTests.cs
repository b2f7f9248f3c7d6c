using System.Diagnostics;
using System.Net.Http.Headers;
using UniqueRandom.Codes;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Codes;

/// <summary>Codes as people type them, and the limit of wrong ones.</summary>
public sealed class CodeLookupTests : IDisposable
{
    private const string Vouchers =
        """{"code":{"alphabet":"crockford32","length":6,"prefix":"V-","group":3,"check":true}}""";

    private static readonly CodeFormat Format = new("crockford32", 6, "V-", group: 3, check: true);

    private readonly TemporaryDirectory directory = new();
    private readonly KeyHolder office = new("office", "draw,admin");
    private readonly KeyHolder till = new("till", "lookup", "1000000");
    private readonly KeyHolder web = new("web", "lookup", "1000000");

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task An_issued_code_is_found_however_it_is_typed()
    {
        await using var server = await ServerProcess.StartAsync(directory);
        (await server.Client.DefinePoolAsync("v", Vouchers)).Success(201);
        var draw = (await server.Client.DrawAsync("v", 2, "order-4711")).Success(201);
        var (number, code) = (draw.Numbers()[1], draw.GetProperty("codes")[1].GetString()!);
        var plain = code.Replace("-", "", StringComparison.Ordinal)[1..];
        foreach (var typed in (string[])
            [code, code.ToLowerInvariant(), plain, $"v {plain}", $" {plain[..2]}.{plain[2..]}_", plain.Replace('0', 'o')])
        {
            var found = (await server.Client.FetchAsync($"/pools/v/codes/{Uri.EscapeDataString(typed)}")).Success(200);
            Assert.Equal(
                ("v", code, true, number, "order-4711"),
                (found.GetProperty("pool").GetString(), found.GetProperty("code").GetString(),
                    found.GetProperty("issued").GetBoolean(), found.GetProperty("number").GetInt64(),
                    found.GetProperty("reference").GetString()));
            Assert.Equal(draw.GetProperty("drawnAt").GetString(), found.GetProperty("issuedAt").GetString());
            Assert.False(found.TryGetProperty("position", out _));
        }

        var other = Format.Write(number == 0 ? 1 : number - 1);
        var missing = (await server.Client.FetchAsync($"/pools/v/codes/{other}")).Success(200);
        Assert.Equal($$"""{"pool":"v","code":"{{other}}","issued":false}""", missing.GetRawText());
    }

    [Fact]
    public async Task What_is_no_code_is_refused()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--wrong-codes-per-minute", "1000");
        (await server.Client.DefinePoolAsync("v", Vouchers)).Success(201);
        var code = (await server.Client.FetchAsync("/pools/v/random")).Success(200).GetProperty("code").GetString()!;
        string[] wrong =
        [
            "1", "V-", $"{code}1", code[..^1], $"W{code[1..]}", "ü", "%2F", "%252F", "V-000-00U-0", new('1', 2000),
            "%F0%9F%8E%B2", "9223372036854775808", "..%20", "%25",
        ];
        foreach (var typed in wrong)
            (await server.Client.FetchAsync($"/pools/v/codes/{typed}")).Problem(422, "code-mistyped");
        for (var place = 2; place < code.Length; place++)
        {
            if (code[place] == '-')
                continue;
            var mistyped = $"{code[..place]}{(code[place] == '7' ? '8' : '7')}{code[(place + 1)..]}";
            (await server.Client.FetchAsync($"/pools/v/codes/{mistyped}")).Problem(422, "code-mistyped");
        }

        // Latin-1 and half of a surrogate pair, as no client library sends them.
        foreach (var target in (string[])["/pools/v/codes/\xff", "/pools/v/codes/%ED%A0%80"])
            Assert.InRange((await RawHttp.SendAsync(server.Address, "GET", target, "", []))!.Status, 400, 422);
        (await server.Client.FetchAsync("/pools/default/codes/1")).Problem(404, "no-codes");
        (await server.Client.FetchAsync("/pools/nowhere/codes/1")).Problem(404, "pool-not-found");
        (await server.Client.FetchAsync("/pools/V/codes/1")).Problem(400, "invalid-request");
        Assert.Equal(1, await server.Client.DrawnAsync("v"));
    }

    [Fact]
    public async Task A_mistyped_code_does_not_reach_the_store()
    {
        await using var postgres = await PostgresInstance.CreateAsync();
        await using var server = await ServerProcess.StartAsync(directory, postgres.Switches);
        (await server.Client.DefinePoolAsync("v", Vouchers)).Success(201);
        var code = (await server.Client.FetchAsync("/pools/v/random")).Success(200).GetProperty("code").GetString()!;
        (await server.Client.FetchAsync($"/pools/v/codes/{code}")).Success(200);

        await postgres.StopAsync();
        (await server.Client.FetchAsync($"/pools/v/codes/{code[..^1]}")).Problem(422, "code-mistyped");
        (await server.Client.FetchAsync($"/pools/v/codes/{code}")).Problem(503, "store-unavailable");
    }

    [Fact]
    public async Task A_key_and_an_address_that_look_up_too_many_wrong_codes_are_refused_right_ones_too()
    {
        await using var server = await ServerProcess.StartAsync(
            directory, KeyHolder.Environment(office, till, web), "--known-proxies", "127.0.0.1", "--wrong-codes-per-minute", "1");
        (await office.SendAsync(server.Client, HttpMethod.Put, "/pools/v", Vouchers)).Success(201);
        var code = (await office.SendAsync(server.Client, HttpMethod.Get, "/pools/v/random"))
            .Success(200).GetProperty("code").GetString()!;
        (await LookUpAsync(office, code, "203.0.113.1")).Problem(403, "forbidden");
        Assert.True(Format.TryRead(code, out var number));
        var wrong = Format.Write(number == 0 ? 1 : number - 1);
        for (var i = 0; i < 50; i++)
        {
            (await LookUpAsync(till, code, "203.0.113.1")).Success(200);
            (await LookUpAsync(till, "1", "203.0.113.1")).Problem(422, "code-mistyped");
        }

        Assert.False((await LookUpAsync(till, wrong, "203.0.113.1")).Success(200).GetProperty("issued").GetBoolean());
        var refused = await LookUpAsync(till, wrong, "203.0.113.1");
        refused.Problem(429, "too-many-wrong-codes");
        Assert.Equal("60", refused.Headers["Retry-After"]);
        Assert.Contains("Try again in 60 seconds; until then,", refused.Json.GetProperty("detail").GetString());
        (await LookUpAsync(till, code, "203.0.113.1")).Problem(429, "too-many-wrong-codes");
        (await LookUpAsync(till, code, "203.0.113.2")).Problem(429, "too-many-wrong-codes");
        (await LookUpAsync(web, code, "203.0.113.1")).Problem(429, "too-many-wrong-codes");
        (await LookUpAsync(web, code, "203.0.113.2")).Success(200);
        (await office.SendAsync(server.Client, HttpMethod.Get, "/pools/v/random")).Success(200);

        Task<ApiAnswer> LookUpAsync(KeyHolder holder, string typed, string address) =>
            holder.SendAsync(server.Client, HttpMethod.Get, $"/pools/v/codes/{typed}", forwardedFor: address);
    }

    /// <summary>With the seed of a closed pool, all issued codes can be computed, and they may be valid still.</summary>
    [Fact]
    public async Task Only_admins_read_the_seed_of_a_pool_with_codes()
    {
        await using var server = await ServerProcess.StartAsync(directory, KeyHolder.Environment(office, till));
        foreach (var (pool, definition) in ((string, string)[])
            [("v", Vouchers), ("plain", """{"minimum":1,"maximum":5}""")])
        {
            (await office.SendAsync(server.Client, HttpMethod.Put, $"/pools/{pool}", definition)).Success(201);
            (await office.SendAsync(server.Client, HttpMethod.Post, $"/pools/{pool}/close")).Success(200);
            Assert.Equal(64, (await SeedAsync(office, pool))?.Length);
        }

        Assert.Null(await SeedAsync(till, "v"));
        Assert.Equal(64, (await SeedAsync(till, "plain"))?.Length);
        var seed = (await SeedAsync(office, "v"))!;
        var (tills, offices) = (await ListAsync(till), await ListAsync(office));
        Assert.DoesNotContain(seed, tills, StringComparison.Ordinal);
        Assert.Contains(seed, offices, StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", office.Key);
        using var response = await server.Client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        string? line;
        do
            line = await events.ReadLineAsync(TestContext.Current.CancellationToken);
        while (line?.Contains("\"plain\"", StringComparison.Ordinal) == false);
        Assert.DoesNotContain(seed, line, StringComparison.Ordinal);

        async Task<string> ListAsync(KeyHolder holder) =>
            (await holder.SendAsync(server.Client, HttpMethod.Get, "/pools")).Text;

        async Task<string?> SeedAsync(KeyHolder holder, string pool) =>
            (await holder.SendAsync(server.Client, HttpMethod.Get, $"/pools/{pool}")).Success(200)
                .GetProperty("seed").GetString();
    }

    /// <summary>The search for a code that was not issued takes longer, so right ones could be answered first.</summary>
    [Fact]
    public async Task Guesses_at_once_are_not_answered_beyond_the_limit()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--wrong-codes-per-minute", "5");
        (await server.Client.DefinePoolAsync(
            "dense", """{"maximum":1999999,"order":"stored","code":{"alphabet":"digits","length":7}}""")).Success(201);
        while ((await server.Client.StatusAsync("dense")).GetProperty("state").GetString() != "open")
            await Task.Yield();
        for (var i = 0; i < 100; i++)
            (await server.Client.DrawAsync("dense", 10_000)).Success(201);

        var started = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(
            number => server.Client.FetchAsync($"/pools/dense/codes/{number * 3001:0000000}")));

        var refilled = (int)(Stopwatch.GetElapsedTime(started).TotalSeconds / 12);
        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 429));
        var decided = answers.Where(answer => answer.Status == 200).ToList();
        var missed = decided.Count(answer => !answer.Json.GetProperty("issued").GetBoolean());
        Assert.InRange(missed, 5, 5 + refilled);
        // Every other guess is right; that 60 are right before the fifth is wrong doesn't happen.
        Assert.InRange(decided.Count - missed, 0, 60);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Codes_of_a_part_of_the_range_are_found_before_and_after_the_pool_ends(bool isPostgres)
    {
        await using var postgres = isPostgres ? await PostgresInstance.CreateAsync() : null;
        await using var server = await ServerProcess.StartAsync(directory, postgres?.Switches ?? []);
        (await server.Client.DefinePoolAsync(
            "part", """{"minimum":100,"maximum":109,"code":{"alphabet":"digits","length":4,"check":true}}""")).Success(201);
        var codes = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            codes.AddRange((await server.Client.DrawAsync("part", 5)).Success(201)
                .GetProperty("codes").EnumerateArray().Select(code => code.GetString()!));
            await AssertIssuedAsync();
        }

        (await server.Client.ClosePoolAsync("part")).Success(200);
        await AssertIssuedAsync();
        var outside = new CodeFormat("digits", 4, check: true).Write(110);
        var answer = (await server.Client.FetchAsync($"/pools/part/codes/{outside}")).Success(200);
        Assert.False(answer.GetProperty("issued").GetBoolean());

        async Task AssertIssuedAsync()
        {
            foreach (var code in codes)
            {
                var found = (await server.Client.FetchAsync($"/pools/part/codes/{code}")).Success(200);
                Assert.True(found.GetProperty("issued").GetBoolean());
            }
        }
    }

    /// <summary>A failover can lose a pool that was created, and another one can get its name.</summary>
    [Fact]
    public async Task A_pool_that_has_the_name_of_a_lost_one_has_its_own_codes()
    {
        await using var postgres = await PostgresInstance.CreateAsync();
        await using var server = await ServerProcess.StartAsync(directory, postgres.Switches);
        (await server.Client.DefinePoolAsync("v", """{"code":{"alphabet":"hex","length":6}}""")).Success(201);
        var code = (await server.Client.FetchAsync("/pools/v/random")).Success(200).GetProperty("code").GetString()!;
        (await server.Client.FetchAsync($"/pools/v/codes/{code}")).Success(200);

        await postgres.ExecuteAsync("DELETE FROM uniquerandom.draw; DELETE FROM uniquerandom.pool WHERE name = 'v'");
        (await server.Client.FetchAsync($"/pools/v/codes/{code}")).Problem(404, "pool-not-found");
        (await server.Client.DefinePoolAsync("v", """{"code":{"alphabet":"digits","length":6}}""")).Success(201);
        code = (await server.Client.FetchAsync("/pools/v/random")).Success(200).GetProperty("code").GetString()!;
        (await server.Client.FetchAsync($"/pools/v/codes/{code}")).Success(200);
        (await server.Client.FetchAsync("/pools/v/codes/00000A")).Problem(422, "code-mistyped");
    }
}
